// What it takes to have an expression evaluated outside the engine.
import type { JsonValue } from "../../mcp/json.ts";
import type { Expression } from "./expression.ts";

export type { EvaluationAnswer } from "./evaluation-answer.ts";

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
