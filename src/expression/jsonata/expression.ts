// JSONata, compiled once: checked, with the variables it uses and the exact place of what is wrong with it.
import type { JsonValue } from "../../mcp/json.ts";
import type { EvaluationAnswer } from "./evaluation-answer.ts";
import { compileClosure, type CompiledClosure } from "../closures/compile.ts";
import { checkExpression, type CollapsingPart } from "./expression-check.ts";
import { parseProblem, type ExpressionProblem } from "./expression-problem.ts";
import { parseJsonata, type JsonataNode } from "./jsonata-tree.ts";
import { mentionsIn, type Mention } from "./mentions.ts";
import { vainIn } from "./vain.ts";

export type { ExpressionProblem } from "./expression-problem.ts";
export type { Mention } from "./mentions.ts";

export interface Expression {
  /** JSONata as written, with the outer `( )`. */
  readonly source: string;
  /** Names of the free variables, without the `$`: what has to be bound. Functions are not among them. */
  readonly variables: readonly string[];
  /** Members of the context it starts from; undefined when it may look at all of it (`$`, `*`, `**`). */
  readonly reads: readonly string[] | undefined;
  /** Looks at the time: `$now()`, `$millis()`, `$local()`. */
  readonly usesClock: boolean;
  /** Parts that are no list any more where they find one thing, or none; absent: there are none. */
  readonly collapses?: readonly CollapsingPart[];
  /** The construct for which only the package can evaluate it; absent: it is compiled. */
  readonly packaged?: string;
  /** Evaluates at once, without a worker. */
  readonly compiled?: (
    input: JsonValue | undefined,
    bindings: Readonly<Record<string, JsonValue | undefined>>,
    now: number,
  ) => EvaluationAnswer;
}

export interface CompiledExpression {
  /** Absent when there is a problem. */
  readonly expression?: Expression;
  readonly problems: readonly ExpressionProblem[];
  /** What JSONata takes, and what fails or is never true whatever the message; absent: there is nothing. */
  readonly vain?: readonly ExpressionProblem[];
  /** What it looks at, from the context it starts from and from the names bound besides; absent: at nothing. */
  readonly mentions?: readonly Mention[];
}

/** `known`: every variable that will be bound, without the `$`. */
export function compileExpression(source: string, known: ReadonlySet<string>): CompiledExpression {
  const tree = parsed(source);
  if (!("type" in tree)) return { problems: [tree] };
  const { problems, collapses, ...findings } = checkExpression(tree, source, known);
  if (problems.length > 0) return { problems };
  const compiled = compileClosure(tree);
  const how = typeof compiled === "string" ? { packaged: compiled } : { compiled: onFirstUse(source) };
  const vain = vainIn(tree, source);
  const mentions = mentionsIn(tree);
  return {
    expression: { source, ...findings, ...how, ...(collapses.length > 0 && { collapses }) },
    problems,
    ...(vain.length > 0 && { vain }),
    ...(mentions.length > 0 && { mentions }),
  };
}

/**
 * The closures of an expression take 4 KB and more, and a large policy has thousands that no message ever meets: so those
 * that showed that it can be compiled are dropped, and made again for the first message that asks.
 */
function onFirstUse(source: string): NonNullable<Expression["compiled"]> {
  let made: CompiledClosure | string | undefined;
  return (input, bindings, now) => {
    made ??= compileClosure(parseJsonata(source));
    if (typeof made === "string") throw new Error(`${source} was compiled before, and is not any more: ${made}`);
    return made(input, bindings, now);
  };
}

function parsed(source: string): JsonataNode | ExpressionProblem {
  try {
    return parseJsonata(source);
  } catch (error) {
    return parseProblem(error, source);
  }
}
