// The names of the arguments that a tool or prompt says it takes.
import type { CatalogueLock } from "../../mcp/catalogue-lock.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";

/** Of a tool's schema, or of a prompt's list. */
export function argumentsIn(definition: JsonValue): readonly string[] {
  if (!isJsonObject(definition)) return [];
  const { inputSchema, arguments: listed } = definition;
  const properties = inputSchema !== undefined && isJsonObject(inputSchema) ? inputSchema["properties"] : undefined;
  const named = listed !== undefined && isJsonArray(listed) ? listed : [];
  return [
    ...(properties !== undefined && isJsonObject(properties) ? Object.keys(properties) : []),
    ...named.flatMap((one) => (isJsonObject(one) && typeof one["name"] === "string" ? [one["name"]] : [])),
  ];
}

/** Of whatever a server has. */
export function argumentsInLock(lock: CatalogueLock | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { things } of lock?.servers.values() ?? [])
    for (const { definition } of [...things.tool.values(), ...things.prompt.values()])
      for (const name of argumentsIn(definition)) names.add(name);
  return names;
}
