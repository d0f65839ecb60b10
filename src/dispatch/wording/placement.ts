// A value in a message that the proxy puts in the place of another: a name, a token, the id of a request.
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { Edit } from "../../message/edits/splice.ts";

/** The same change twice: in the bytes as they came (`range`, `text`), and in the content that was judged (`at`). */
export interface Placement extends Edit {
  /** Keys from the content: `["params", "name"]`. */
  readonly at: readonly string[];
  /** Raw JSON text. */
  readonly text: string;
}

/** The content with the new values; what a transform took away on the way there stays away. */
export function place(content: JsonObject, placements: readonly Placement[]): JsonObject {
  return placements.reduce((placed, { at, text }) => placeAt(placed, at, JSON.parse(text) as JsonValue), content);
}

function placeAt(object: JsonObject, at: readonly string[], value: JsonValue): JsonObject {
  const [key, ...rest] = at;
  if (key === undefined || !Object.hasOwn(object, key)) return object;
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = object[key];
  return isJsonObject(inner) ? { ...object, [key]: placeAt(inner, rest, value) } : object;
}
