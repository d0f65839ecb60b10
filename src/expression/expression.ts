// JSONata, compiled once: checked, with the variables it uses and the exact place of what is wrong with it.
import type { JsonValue } from "../mcp/json.ts";
import type { EvaluationAnswer } from "./evaluation.ts";

export interface Expression {
  /** JSONata as written, with the outer `( )`. */
  readonly source: string;
  /** Names of the free variables, without the `$`: what has to be bound. Functions are not among them. */
  readonly variables: readonly string[];
  /** Members of the context it starts from; undefined when it may look at all of it (`$`, `*`, `**`). */
  readonly reads: readonly string[] | undefined;
  /** Looks at the time: `$now()`, `$millis()`, `$local()`. */
  readonly usesClock: boolean;
  /** Evaluates at once, without a worker; absent: only the package can. */
  readonly compiled?: (
    input: JsonValue | undefined,
    bindings: Readonly<Record<string, JsonValue | undefined>>,
    now: number,
  ) => EvaluationAnswer;
}

export interface ExpressionProblem {
  /** UTF-16 offset in the source. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly help?: string;
}

export interface CompiledExpression {
  /** Absent when there is a problem. */
  readonly expression?: Expression;
  readonly problems: readonly ExpressionProblem[];
}

/** `known`: every variable that will be bound, without the `$`. */
export function compileExpression(source: string, known: ReadonlySet<string>): CompiledExpression {
  return { problems: [{ offset: 0, length: source.length, message: `not built yet: ${known.size}` }] };
}
