// The judged part of a message as JSON values, and back to bytes so that whatever did not change keeps its own.
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { contentEdits } from "./edits/content-edits.ts";
import type { Envelope } from "./envelope.ts";
import { jsonText } from "./json-text.ts";
import { hasDuplicateKeys } from "./locate.ts";
import { MemberWalk } from "./json-bytes/member-walk.ts";
import type { Range } from "./json-bytes/range.ts";
import { repairedText } from "./repair.ts";
import { CLOSE_OBJECT, LONG_STRING } from "./json-bytes/scan.ts";
import { sequenceEdits, type SequenceItem } from "./edits/sequence-edits.ts";
import { splice, type Edit } from "./edits/splice.ts";

type Part = "params" | "result" | "error";

/** `{params}`, `{result}` or `{error}`; the key is missing when the message has none. */
export function parseContent(envelope: Envelope): JsonObject {
  const part = partOf(envelope);
  const range = envelope[part];
  return range === undefined ? {} : { [part]: parse(envelope, range) };
}

/**
 * Whether readers may differ about the content: a result in which a key stands twice, or whose long strings hold what
 * JSON does not know. Once it was judged, such a content may only leave as it was judged, written whole.
 */
export function isAmbiguous(envelope: Envelope): boolean {
  const range = envelope.result ?? envelope.error;
  return range !== undefined && hasDuplicateKeys(envelope.bytes, range, SOUND.has(envelope));
}

/**
 * The message with `after` in the place of `before`, which must be what `parseContent` gave. What is the same value
 * in both keeps its bytes: integers above 2^53, the spelling of numbers, the order of keys, unknown fields. An
 * ambiguous content is written whole, even when nothing changed, so that what was judged is what is sent.
 * `edits`: others to be made in the same go, outside the content (the id).
 */
export function writeContent(
  envelope: Envelope,
  before: JsonObject,
  after: JsonObject,
  edits: readonly Edit[],
): readonly Buffer[] {
  const part = partOf(envelope);
  const all = [...edits];
  const range = envelope[part];
  const value = after[part];
  if (range === undefined) addPart(envelope.bytes, part, value, all);
  else if (value === undefined) removePart(envelope.bytes, range, all);
  else if (isAmbiguous(envelope)) all.push({ range, text: jsonText(value) });
  else contentEdits(envelope.bytes, range, before[part] as JsonValue, value, all);
  return splice(envelope.bytes, all);
}

function partOf(envelope: Envelope): Part {
  switch (envelope.kind) {
    case "request":
    case "notification":
      return "params";
    case "result":
      return "result";
    case "error":
      return "error";
  }
}

/** Those whose content JSON.parse took as it stands; looking at each byte of a long string once more costs as much as that. */
const SOUND = new WeakSet<Envelope>();

function parse(envelope: Envelope, range: Range): JsonValue {
  const text = envelope.bytes.toString("utf8", range.start, range.end);
  try {
    const value = JSON.parse(text) as JsonValue;
    if (envelope.params === undefined && text.length > LONG_STRING) SOUND.add(envelope);
    return value;
  } catch {
    return JSON.parse(repairedText(text)) as JsonValue;
  }
}

function addPart(bytes: Buffer, part: Part, value: JsonValue | undefined, edits: Edit[]): void {
  if (value === undefined) return;
  const end = bytes.lastIndexOf(CLOSE_OBJECT);
  edits.push({ range: { start: end, end }, text: `,"${part}":${jsonText(value)}` });
}

function removePart(bytes: Buffer, part: Range, edits: Edit[]): void {
  const message = { start: bytes.indexOf("{"), end: bytes.lastIndexOf(CLOSE_OBJECT) + 1 };
  const items: SequenceItem[] = [];
  const walk = new MemberWalk(bytes, message);
  while (walk.next()) {
    const kind = walk.valueStart === part.start ? "removed" : "kept";
    items.push({ kind, range: { start: walk.keyStart - 1, end: walk.valueEnd } });
  }
  edits.push(...sequenceEdits(message, items));
}
