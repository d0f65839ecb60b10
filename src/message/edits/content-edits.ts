// What to change in the bytes of a JSON value so that they say another value, and nothing more than that.
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { alignLists } from "./align-lists.ts";
import { jsonText } from "../json-text.ts";
import { keyText } from "../json-bytes/key-text.ts";
import { MemberWalk } from "../json-bytes/member-walk.ts";
import type { Range } from "../json-bytes/range.ts";
import { sequenceEdits, type SequenceItem } from "./sequence-edits.ts";
import type { Edit } from "./splice.ts";

/**
 * Adds to `edits`. `range` holds the bytes of `before`, in which no key stands twice. What is the very same value in
 * both is not even looked at, so structure that is shared costs nothing.
 */
export function contentEdits(bytes: Buffer, range: Range, before: JsonValue, after: JsonValue, edits: Edit[]): void {
  if (before === after) return;
  if (isJsonObject(before) && isJsonObject(after)) objectEdits(bytes, range, before, after, edits);
  else if (isJsonArray(before) && isJsonArray(after)) listEdits(bytes, range, before, after, edits);
  else edits.push({ range, text: jsonText(after) });
}

function objectEdits(bytes: Buffer, range: Range, before: JsonObject, after: JsonObject, edits: Edit[]): void {
  const items: SequenceItem[] = [];
  const walk = new MemberWalk(bytes, range);
  while (walk.next()) {
    const key = keyText(bytes, walk.keyStart, walk.keyEnd);
    const isKept = Object.hasOwn(after, key);
    items.push({ kind: isKept ? "kept" : "removed", range: { start: walk.keyStart - 1, end: walk.valueEnd } });
    if (isKept) contentEdits(bytes, walk.value(), before[key] as JsonValue, after[key] as JsonValue, edits);
  }
  for (const [key, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, key)) items.push({ kind: "added", text: `${JSON.stringify(key)}:${jsonText(value)}` });
  }
  edits.push(...sequenceEdits(range, items));
}

function listEdits(bytes: Buffer, range: Range, before: JsonArray, after: JsonArray, edits: Edit[]): void {
  const items: SequenceItem[] = [];
  const origins = alignLists(before, after);
  const walk = new MemberWalk(bytes, range);
  let position = 0;
  const removeUpTo = (end: number): void => {
    for (; position < end && walk.next(); position++) items.push({ kind: "removed", range: walk.value() });
  };
  for (const [index, origin] of origins.entries()) {
    const value = after[index] as JsonValue;
    if (origin === -1) {
      items.push({ kind: "added", text: jsonText(value) });
      continue;
    }
    removeUpTo(origin);
    walk.next();
    position++;
    items.push({ kind: "kept", range: walk.value() });
    contentEdits(bytes, walk.value(), before[origin] as JsonValue, value, edits);
  }
  removeUpTo(before.length);
  edits.push(...sequenceEdits(range, items));
}
