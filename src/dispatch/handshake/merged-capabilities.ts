// What the proxy says of itself to the client: everything its servers can do together, and their instructions.
import { isJsonObject, type JsonObject, type JsonValue, memberOf } from "../../mcp/json.ts";
import type { ServerLink } from "../peers/server-link.ts";

/** Characters of all instructions together; each server gets the same share. The longest of eleven real servers has 1,575. */
const MAX_INSTRUCTIONS = 32_768;

/** Lists whose changes the proxy announces itself, since a reload of the rules can change each. */
const LISTED = new Set(["tools", "prompts", "resources"]);

/** What a server that is not up yet may turn out to have. */
const ANYTHING: JsonObject = {
  tools: {},
  prompts: {},
  resources: { subscribe: true },
  logging: {},
  completions: {},
};

export function mergedCapabilities(links: readonly Pick<ServerLink, "introduction" | "isComing">[]): JsonObject {
  const own = links.flatMap((link) => (link.introduction === undefined ? [] : [link.introduction.capabilities]));
  const all = links.some((link) => link.isComing) ? [...own, ANYTHING] : own;
  const [first] = all;
  if (first === undefined) return {};
  const known = MERGED.get(first);
  if (known?.of.length === all.length && known.of.every((one, index) => one === all[index])) return known.merged;
  const merged = withChanges(all.reduce(union, {}));
  MERGED.set(first, { of: all, merged });
  return merged;
}

/** By the first of them: sessions that share their servers merge the very same. */
const MERGED = new WeakMap<JsonObject, { readonly of: readonly JsonObject[]; readonly merged: JsonObject }>();

/** One server: as they are. Several: each under a heading. */
export function mergedInstructions(links: readonly ServerLink[]): string | undefined {
  const texts = links.flatMap((link) => {
    const text = link.introduction?.instructions;
    return text === undefined || text === "" ? [] : [{ name: link.name, text }];
  });
  if (texts.length === 0) return undefined;
  if (links.length === 1) return texts[0]?.text;
  const share = Math.floor(MAX_INSTRUCTIONS / texts.length);
  return texts.map(({ name, text }) => `## ${name}\n\n${cut(text, share)}`).join("\n\n");
}

/** Key by key, and inside of what both have; of two other values, `true` before `false`, else the earlier server's. */
function union(a: JsonObject, b: JsonObject): JsonObject {
  const added = Object.entries(b).filter(([key]) => !Object.hasOwn(a, key));
  const common = Object.entries(a).map(([key, value]): [string, JsonValue] => {
    const other = memberOf(b, key);
    if (isJsonObject(value) && isJsonObject(other)) return [key, union(value, other)];
    return [key, value === false && other === true ? true : value];
  });
  return Object.fromEntries([...common, ...added]);
}

function withChanges(capabilities: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(capabilities).map(([key, value]) => [
      key,
      LISTED.has(key) && isJsonObject(value) ? { ...value, listChanged: true } : value,
    ]),
  );
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
