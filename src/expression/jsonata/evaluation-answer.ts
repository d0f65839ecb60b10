// What may come of evaluating an expression.
import type { JsonValue } from "../../mcp/json.ts";

/** `value: undefined` is JSONata's "nothing". `failed` covers errors, exhausted budgets and an ended worker. */
export type EvaluationAnswer =
  | { readonly kind: "value"; readonly value: JsonValue | undefined }
  | {
      readonly kind: "failed";
      readonly reason: string;
      /** It was stopped, since it ran out of steps, time or memory. */
      readonly isOverrun?: true;
    };
