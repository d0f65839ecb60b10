// The judged part of a message as JSON values, and back to bytes so that whatever did not change keeps its own.
import type { JsonObject } from "../mcp/json.ts";
import type { Envelope } from "./envelope.ts";
import type { Edit } from "./splice.ts";

/** `{params}`, `{result}` or `{error}`; the key is missing when the message has none. */
export function parseContent(_envelope: Envelope): JsonObject {
  return {};
}

/**
 * The message with `after` in the place of `before`, which must be what `parseContent` gave. What is the same value
 * in both keeps its bytes: integers above 2^53, the spelling of numbers, the order of keys, unknown fields. A content
 * that had a key twice is written whole, even when nothing changed, so that what was judged is what is sent.
 * `edits`: others to be made in the same go, outside the content (the id).
 */
export function writeContent(
  envelope: Envelope,
  _before: JsonObject,
  _after: JsonObject,
  _edits: readonly Edit[],
): readonly Buffer[] {
  return [envelope.bytes];
}
