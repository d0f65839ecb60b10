// Taking an argument that the policy supplies out of the schema that a tool advertises.
import type { Step } from "../expression/path.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";

/** Also where the schema is put together of several that hold for the same value (`allOf`, `if` and so on). */
export function withoutArgument(schema: JsonObject, steps: readonly Step[]): JsonObject {
  const [first, ...deeper] = steps;
  if (first?.kind !== "member") return schema;
  const edited: Record<string, JsonValue> = { ...schema };
  for (const [keyword, value] of Object.entries(schema)) {
    const without = keywordWithout(keyword, value, first.key, deeper, steps);
    if (without !== undefined) edited[keyword] = without;
  }
  return edited;
}

/** Keywords that hold one schema, and several, for the same value (JSON Schema 2020-12, Core, section 10.2). */
const ONE_SCHEMA: ReadonlySet<string> = new Set(["not", "if", "then", "else"]);
const SEVERAL_SCHEMAS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf"]);

/** `undefined`: nothing to change there. */
function keywordWithout(
  keyword: string,
  value: JsonValue,
  key: string,
  deeper: readonly Step[],
  steps: readonly Step[],
): JsonValue | undefined {
  if (ONE_SCHEMA.has(keyword) && isJsonObject(value)) return withoutArgument(value, steps);
  if (SEVERAL_SCHEMAS.has(keyword) && isJsonArray(value)) {
    return value.map((entry) => (isJsonObject(entry) ? withoutArgument(entry, steps) : entry));
  }
  if (keyword === "properties" && isJsonObject(value)) return propertiesWithout(value, key, deeper);
  if (keyword === "required" && isJsonArray(value) && deeper.length === 0) return value.filter((name) => name !== key);
  return undefined;
}

function propertiesWithout(properties: JsonObject, key: string, deeper: readonly Step[]): JsonObject {
  const { [key]: property, ...others } = properties;
  if (property === undefined || !Object.hasOwn(properties, key)) return properties;
  if (deeper.length === 0) return others;
  return isJsonObject(property) ? { ...properties, [key]: withoutArgument(property, deeper) } : properties;
}
