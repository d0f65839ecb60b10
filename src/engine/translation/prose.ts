// Whether a text is for people at all: what is JSON, or has no letter in it, is left as it is.
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { memberAt } from "../natural-body.ts";

/** `root`: the message it stands in. A text may say once more what `structuredContent` says. */
export function isProse(text: string, root: JsonObject): boolean {
  return (
    /\p{L}/u.test(text) && !isJsonText(text) && !saysTheSame(text, memberAt(root, ["result", "structuredContent"]))
  );
}

/** An object or a list. */
function isJsonText(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function saysTheSame(text: string, structured: JsonValue | undefined): boolean {
  return structured !== undefined && text === JSON.stringify(structured);
}
