// Arguments named like the tool's own but for case: a server that does not mind case would take one for the other.
import { isJsonObject, type JsonObject } from "../../mcp/json.ts";
import { argumentsOf, memberAt } from "../natural-body.ts";
import type { Scene } from "../scene.ts";

/**
 * What is wrong, for the one who is refused. Rules that read `path` do not see `Path`, which Go's `encoding/json`, say,
 * hands to the tool as `path`. Only looked at where rules look inside at all.
 */
export function misspeltArgument({ facts, surroundings, content }: Scene): string | undefined {
  if (facts.kind !== "request" || facts.method !== "tools/call") return undefined;
  const properties = memberAt(surroundings.thing?.definition ?? {}, ["inputSchema", "properties"]);
  const given = argumentsOf(content);
  if (!isJsonObject(properties) || !isJsonObject(given)) return undefined;
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(properties, key)) continue;
    const own = namesByFold(properties).get(folded(key));
    if (own !== undefined) return `\`${key}\` could be taken for \`${own}\`, which is spelt otherwise`;
  }
  return undefined;
}

const FOLDS = new WeakMap<JsonObject, ReadonlyMap<string, string>>();

function namesByFold(properties: JsonObject): ReadonlyMap<string, string> {
  const known = FOLDS.get(properties);
  if (known) return known;
  const names = new Map(Object.keys(properties).map((name) => [folded(name), name]));
  FOLDS.set(properties, names);
  return names;
}

/** Both ways, so that the long s and the Kelvin sign fall on `s` and `k` as they do in Go. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}
