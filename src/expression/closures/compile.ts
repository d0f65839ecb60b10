// JSONata's tree as functions that answer at once: the common part of the language, and only what agrees with the package.
import type { JsonValue } from "../../mcp/json.ts";
import type { EvaluationAnswer } from "../jsonata/evaluation-answer.ts";
import { LimitExceeded } from "../jsonata/jsonata-limits.ts";
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import type { Closure } from "./closure.ts";
import { compileNode } from "./compile-node.ts";
import type { Run } from "./function-value.ts";
import { reasonOf } from "./jsonata-error.ts";
import { NotCompilable } from "./not-compilable.ts";
import { plainJson } from "./plain-json.ts";
import { isList, sequenceOf } from "./sequence.ts";

export type CompiledClosure = (
  input: JsonValue | undefined,
  bindings: Readonly<Record<string, JsonValue | undefined>>,
  now: number,
) => EvaluationAnswer;

/** Or the construct that only the package can evaluate, in words. */
export function compileClosure(tree: JsonataNode): CompiledClosure | string {
  const closure = compiled(tree);
  if (typeof closure === "string") return closure;
  return (input, bindings, now) => {
    const run: Run = { steps: 0, built: 0, now, root: input, bindings, copies: [], copying: 0, plain: new Set() };
    try {
      return { kind: "value", value: plainJson(closure(asOneThing(input), undefined, run), run.plain) };
    } catch (error) {
      const reason = reasonOf(error);
      return error instanceof LimitExceeded ? { kind: "failed", reason, isOverrun: true } : { kind: "failed", reason };
    }
  };
}

function compiled(tree: JsonataNode): Closure | string {
  try {
    return compileNode(tree, undefined);
  } catch (error) {
    if (error instanceof NotCompilable) return error.message;
    throw error;
  }
}

/** An input that is a list is not gone through element by element. */
function asOneThing(input: JsonValue | undefined): unknown {
  if (!isList(input)) return input;
  const wrapper = sequenceOf(input);
  wrapper.isOuterWrapper = true;
  return wrapper;
}
