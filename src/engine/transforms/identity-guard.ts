// What identifies a message, and so may not be changed by any rule: names, URIs, ids, cursors, tokens, task fields.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { listOfMethod, type ListFacts } from "../../mcp/lists.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { Content } from "../decision.ts";
import type { Facts } from "../facts.ts";
import { memberAt } from "../natural-body.ts";
import { isSameJson } from "../../mcp/same-json.ts";

/** The path of what was changed though it identifies; `undefined`: nothing was. */
export function changedIdentity(before: Content, after: Content, facts: Facts): string | undefined {
  if (before === after) return undefined;
  const changed = pathsOf(facts).find((path) => !isSameJson(memberAt(before, path), memberAt(after, path)));
  if (changed) return changed.join(".");
  const [part] = facts.kind === "result" ? ["result"] : ["params"];
  if (part && !isSameJson(reservedMeta(before, part), reservedMeta(after, part))) return `${part}._meta`;
  if (!isSameJson(inputKeys(before), inputKeys(after))) return "result.inputRequests";
  const list = facts.kind === "result" ? listOfMethod(facts.method) : undefined;
  return list && !isThinnedOut(entriesOf(before, list), entriesOf(after, list), list)
    ? `result.${list.member}`
    : undefined;
}

/** Entries may go; none comes, is renamed, or changes its place. */
export function isThinnedOut(before: readonly JsonValue[], after: readonly JsonValue[], list: ListFacts): boolean {
  let at = 0;
  for (const entry of after) {
    while (at < before.length && !isSameEntry(before[at], entry, list)) at += 1;
    if (at === before.length) return false;
    at += 1;
  }
  return true;
}

/** Whatever the method: fields by which messages, tasks and rounds are told apart. */
const IN_PARAMS = [
  ["params", "cursor"],
  ["params", "taskId"],
  ["params", "task"],
  ["params", "requestState"],
  ["params", "inputResponses"],
  ["params", "requestId"],
  ["params", "progressToken"],
  ["params", "elicitationId"],
  ["params", "ref"],
  ["params", "_meta", "progressToken"],
];
const IN_RESULT = [
  ["result", "nextCursor"],
  ["result", "resultType"],
  ["result", "requestState"],
  ["result", "taskId"],
  ["result", "task"],
];
/** The specification's own keys in `_meta` (2025-11-25, Basic Protocol, `_meta`). */
const RESERVED = "io.modelcontextprotocol/";

function pathsOf(facts: Facts): readonly (readonly string[])[] {
  if (facts.kind === "result") return IN_RESULT;
  if (facts.kind === "error") return [];
  const carried = methodFacts(facts.method)?.carries ?? [];
  return IN_PARAMS.concat(carried.map(({ at }) => ["params"].concat(at)));
}

function reservedMeta(content: Content, part: string): JsonObject {
  const meta = memberAt(content, [part, "_meta"]);
  if (!isJsonObject(meta)) return {};
  return Object.fromEntries(Object.entries(meta).filter(([key]) => key.startsWith(RESERVED)));
}

function inputKeys(content: Content): readonly string[] {
  const requests = memberAt(content, ["result", "inputRequests"]);
  return isJsonObject(requests) ? Object.keys(requests) : [];
}

function entriesOf(content: Content, list: ListFacts): readonly JsonValue[] {
  const entries = memberAt(content, ["result", list.member]);
  return isJsonArray(entries) ? entries : [];
}

function isSameEntry(before: JsonValue | undefined, after: JsonValue, list: ListFacts): boolean {
  return isSameJson(memberAt(before, [list.identity]), memberAt(after, [list.identity]));
}
