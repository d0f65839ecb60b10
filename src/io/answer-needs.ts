// Answers what a computation of the engine stops to ask for, and carries it to its end: for tests of a policy and commands.
import type { Asking } from "../engine/decision.ts";
import type { Evaluator } from "./evaluation/evaluator.ts";

export async function fulfil<T>(asking: Asking<T>, evaluator: Evaluator): Promise<T> {
  let step = asking.next();
  while (step.done !== true) step = asking.next(await evaluator.evaluate(step.value.evaluation));
  return step.value;
}
