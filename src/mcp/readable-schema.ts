// Which parts of a JSON schema people read. A schema is walked by keyword, since an argument may be called `title` too.

export type SchemaKind = "schema" | "form";

/** What a key of a schema holds. */
export type SchemaPart =
  | "text"
  /** Texts, one for each choice. */
  | "texts"
  /** A schema, or a list of them. */
  | "schema"
  /** Schemas by names that are not for people to read. */
  | "schemas";

/** Keywords that hold a schema, or a list of them. */
const SCHEMA = "items prefixItems additionalProperties allOf anyOf oneOf not if then else";
/** Keywords that hold schemas by names of the author's. */
const SCHEMAS = "properties patternProperties $defs definitions dependentSchemas";

const PARTS: ReadonlyMap<string, SchemaPart> = new Map<string, SchemaPart>([
  ["title", "text"],
  ["description", "text"],
  ...SCHEMAS.split(" ").map((key) => [key, "schemas"] as const),
  ...SCHEMA.split(" ").map((key) => [key, "schema"] as const),
]);

/** `undefined`: not for people (`enum`, `default`, `examples`, `x-mcp-header` …), or unknown. */
export function schemaPart(key: string, kind: SchemaKind): SchemaPart | undefined {
  if (kind === "form" && key === "enumNames") return "texts";
  return PARTS.get(key);
}

/** What stands where `keys` lead to, from the schema down, steps into lists left out. */
export function schemaReading(keys: readonly string[], kind: SchemaKind): SchemaPart | "never" {
  let at: SchemaPart | undefined = "schema";
  for (const key of keys) {
    at = partBelow(at, key, kind);
    if (at === undefined) return "never";
  }
  return at;
}

function partBelow(at: SchemaPart, key: string, kind: SchemaKind): SchemaPart | undefined {
  if (at === "schemas") return "schema";
  return at === "schema" ? schemaPart(key, kind) : undefined;
}
