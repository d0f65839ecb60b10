// Members of `params`, `result` and their `_meta` that are other for a reader of another era: put in, replaced, taken out, and nothing else touched.
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import type { Envelope } from "./envelope.ts";
import { jsonText } from "./json-text.ts";
import { keyText } from "./key-text.ts";
import { rangeAt } from "./locate.ts";
import { MemberWalk } from "./member-walk.ts";
import type { Range } from "./range.ts";
import { CLOSE_OBJECT, OPEN_OBJECT } from "./scan.ts";
import { sequenceEdits, type SequenceItem } from "./sequence-edits.ts";
import type { Edit } from "./splice.ts";

/** By key. `undefined`: to be taken out. */
export type Changes = Readonly<Record<string, JsonValue | undefined>>;

export interface Rewording {
  /** Of `params` or `result`. */
  readonly members: Changes;
  /** Of its `_meta`. */
  readonly meta: Changes;
}

const META = "_meta";

/** The same change in the bytes as they came. */
export function rewordingEdits(envelope: Envelope, rewording: Rewording): readonly Edit[] {
  const { bytes } = envelope;
  if (envelope.kind === "error") return [];
  const body = envelope.params ?? envelope.result;
  if (body === undefined) return additionOfParams(bytes, withChanges({}, rewording));
  const meta = rangeAt(bytes, body, [META]);
  if (meta !== undefined && bytes[meta.start] === OPEN_OBJECT) {
    return [...memberEdits(bytes, body, rewording.members), ...memberEdits(bytes, meta, rewording.meta)];
  }
  return memberEdits(bytes, body, { ...rewording.members, ...metaFromNothing(rewording) });
}

/** The same change in the content that was judged. */
export function reworded(content: JsonObject, rewording: Rewording): JsonObject {
  if (Object.hasOwn(content, "error")) return content;
  const part = Object.hasOwn(content, "result") ? "result" : "params";
  const body = content[part];
  return { ...content, [part]: withChanges(isJsonObject(body) ? body : {}, rewording) };
}

function withChanges(body: JsonObject, rewording: Rewording): JsonObject {
  const meta = body[META];
  const changed = isJsonObject(meta) ? { [META]: changedMembers(meta, rewording.meta) } : metaFromNothing(rewording);
  return { ...changedMembers(body, rewording.members), ...changed };
}

/** Where there is none, or none that is an object. */
function metaFromNothing({ meta }: Rewording): JsonObject {
  const made = changedMembers({}, meta);
  return Object.keys(made).length === 0 ? {} : { [META]: made };
}

function changedMembers(object: JsonObject, changes: Changes): JsonObject {
  const kept = Object.entries(object).filter(([key]) => !Object.hasOwn(changes, key) || changes[key] !== undefined);
  const entries = Object.entries(changes).flatMap(([key, value]): [string, JsonValue][] =>
    value === undefined ? [] : [[key, value]],
  );
  return Object.fromEntries([...kept, ...entries]);
}

function memberEdits(bytes: Buffer, object: Range, changes: Changes): readonly Edit[] {
  const missing = new Map(Object.entries(changes));
  const items: SequenceItem[] = [];
  const replaced: Edit[] = [];
  const walk = new MemberWalk(bytes, object);
  while (walk.next()) {
    const range = { start: walk.keyStart - 1, end: walk.valueEnd };
    const key = keyText(bytes, walk.keyStart, walk.keyEnd);
    const value = Object.hasOwn(changes, key) ? changes[key] : undefined;
    const isRemoved = Object.hasOwn(changes, key) && value === undefined;
    items.push({ kind: isRemoved ? "removed" : "kept", range });
    if (value !== undefined) replaced.push({ range: walk.value(), text: jsonText(value) });
    missing.delete(key);
  }
  for (const [key, value] of missing) {
    if (value !== undefined) items.push({ kind: "added", text: `${JSON.stringify(key)}:${jsonText(value)}` });
  }
  return [...sequenceEdits(object, items), ...replaced];
}

function additionOfParams(bytes: Buffer, params: JsonObject): readonly Edit[] {
  if (Object.keys(params).length === 0) return [];
  const end = bytes.lastIndexOf(CLOSE_OBJECT);
  return [{ range: { start: end, end }, text: `,"params":${jsonText(params)}` }];
}
