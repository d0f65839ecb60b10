// Taking an argument that the policy supplies out of the schema that a tool advertises.
import type { Step } from "../../expression/path.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from "../../mcp/json.ts";

/** Also where the schema is put together of several that hold for the same value (`allOf`, `if`, a local `$ref`). */
export function withoutArgument(schema: JsonObject, steps: readonly Step[]): JsonObject {
  const [first, ...deeper] = steps;
  return first?.kind === "member" ? without(schema, { root: schema, key: first.key, deeper, depth: 0 }) : schema;
}

interface Argument {
  /** Where a `$ref` starts. */
  readonly root: JsonObject;
  readonly key: string;
  /** Below `key`, when only a part of it is supplied. */
  readonly deeper: readonly Step[];
  readonly depth: number;
}

/** Keywords that hold one schema, several, and several by name, for the same value (JSON Schema 2020-12, Core, 10.2). */
const ONE_SCHEMA: ReadonlySet<string> = new Set(["not", "if", "then", "else"]);
const SEVERAL_SCHEMAS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf"]);
const NAMED_SCHEMAS = "dependentSchemas";
/** Of references that lead to references. */
const DEEPEST = 8;

function without(schema: JsonObject, argument: Argument): JsonObject {
  const edited: Record<string, JsonValue> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    const kept = keywordWithout(keyword, value, argument);
    if (kept !== undefined) edited[keyword] = kept;
  }
  const referred = referredSchema(schema, argument);
  if (!referred) return edited;
  // What is referred to may be meant elsewhere too, so a copy without the argument stands in for the reference.
  const { $ref: _, allOf = [], ...others } = edited;
  const copy = without(referred, { ...argument, depth: argument.depth + 1 });
  return { ...others, allOf: [...(isJsonArray(allOf) ? allOf : []), copy] };
}

/** `undefined`: nothing of it is left. */
function keywordWithout(keyword: string, value: JsonValue, argument: Argument): JsonValue | undefined {
  const { key, deeper } = argument;
  if (ONE_SCHEMA.has(keyword)) return partWithout(value, argument);
  if (SEVERAL_SCHEMAS.has(keyword) && isJsonArray(value)) return value.map((entry) => partWithout(entry, argument));
  if (keyword === "properties" && isJsonObject(value)) return propertiesWithout(value, argument);
  if (deeper.length > 0 || (!isJsonArray(value) && !isJsonObject(value))) return value;
  if (keyword === "required" && isJsonArray(value)) return value.filter((name) => name !== key);
  if (keyword === "dependentRequired" && isJsonObject(value)) return dependenciesWithout(value, key);
  return keyword === NAMED_SCHEMAS && isJsonObject(value) ? namedWithout(value, argument) : value;
}

function partWithout(part: JsonValue, argument: Argument): JsonValue {
  return isJsonObject(part) ? without(part, argument) : part;
}

function propertiesWithout(properties: JsonObject, { root, key, deeper }: Argument): JsonObject {
  if (!Object.hasOwn(properties, key)) return properties;
  const { [key]: property, ...others } = properties;
  const [next, ...rest] = deeper;
  if (next?.kind !== "member") return others;
  if (!isJsonObject(property)) return properties;
  const inner = without(property, { root, key: next.key, deeper: rest, depth: 0 });
  return { ...properties, [key]: inner };
}

function dependenciesWithout(dependencies: JsonObject, key: string): JsonObject {
  const { [key]: _, ...others } = dependencies;
  return Object.fromEntries(
    Object.entries(others).map(([name, needed]) => [
      name,
      isJsonArray(needed) ? needed.filter((one) => one !== key) : needed,
    ]),
  );
}

function namedWithout(schemas: JsonObject, argument: Argument): JsonObject {
  return Object.fromEntries(Object.entries(schemas).map(([name, part]) => [name, partWithout(part, argument)]));
}

/** Only inside the same schema: nothing is ever fetched. */
function referredSchema({ $ref }: JsonObject, { root, depth }: Argument): JsonObject | undefined {
  if (typeof $ref !== "string" || !$ref.startsWith("#/") || depth >= DEEPEST) return undefined;
  let found: JsonValue | undefined = root;
  for (const part of $ref.slice(2).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    found = memberOf(found, key);
  }
  return isJsonObject(found) ? found : undefined;
}
