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

const PARTS: Readonly<Record<string, SchemaPart>> = {
  title: "text",
  description: "text",
  properties: "schemas",
  patternProperties: "schemas",
  $defs: "schemas",
  definitions: "schemas",
  dependentSchemas: "schemas",
  items: "schema",
  prefixItems: "schema",
  additionalProperties: "schema",
  allOf: "schema",
  anyOf: "schema",
  oneOf: "schema",
  not: "schema",
  if: "schema",
  then: "schema",
  else: "schema",
};

/** `undefined`: not for people (`enum`, `default`, `examples`, `x-mcp-header` …), or unknown. */
export function schemaPart(key: string, kind: SchemaKind): SchemaPart | undefined {
  if (kind === "form" && key === "enumNames") return "texts";
  return Object.hasOwn(PARTS, key) ? PARTS[key] : undefined;
}

/** What stands where `keys` lead to, from the schema down, steps into lists left out. */
export function schemaReading(keys: readonly string[], kind: SchemaKind): SchemaPart | "never" {
  let at: SchemaPart = "schema";
  for (const key of keys) {
    const next: SchemaPart | undefined =
      at === "schemas" ? "schema" : at === "schema" ? schemaPart(key, kind) : undefined;
    if (next === undefined) return "never";
    at = next;
  }
  return at;
}
