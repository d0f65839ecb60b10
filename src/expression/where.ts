// What the answer of a `where` means: yes, no, or doubt.
import { isJsonArray, isJsonObject, type JsonValue } from "../mcp/json.ts";
import type { EvaluationAnswer } from "./jsonata/evaluation-answer.ts";
import type { Truth } from "./truth.ts";

/** Failed or nothing: doubt. What is not a boolean goes through JSONata's `$boolean`. */
export function truthOf(answer: EvaluationAnswer): Truth {
  if (answer.kind === "failed" || answer.value === undefined) return "doubt";
  return asBoolean(answer.value) ? "yes" : "no";
}

function asBoolean(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.some(asBoolean);
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
