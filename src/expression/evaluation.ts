// What it takes to have an expression evaluated outside the engine, and what may come back.
import type { JsonValue } from "../mcp/json.ts";
import type { Expression } from "./expression.ts";

/** A JSONata expression, the context `$` it starts from, and the names bound besides. All of it is plain JSON. */
export interface Evaluation {
  readonly expression: Expression;
  /** `undefined`: the path that gives the context is absent. */
  readonly input: JsonValue | undefined;
  /** `message`, `request`, `server`, `client`, `user`, `tags` and every `let`, without the `$`. */
  readonly bindings: Readonly<Record<string, JsonValue | undefined>>;
  /** Milliseconds since 1970 that `$now()` and `$millis()` answer; fixed for one message. */
  readonly now: number;
}

/** `value: undefined` is JSONata's "nothing". `failed` covers errors, exhausted budgets and an ended worker. */
export type EvaluationAnswer =
  | { readonly kind: "value"; readonly value: JsonValue | undefined }
  | { readonly kind: "failed"; readonly reason: string };
