// Answers what a computation of the engine stops to ask for, and carries it to its end: for tests of a policy and commands.
import type { Answer, Asking, Need } from "../engine/decision.ts";
import type { Evaluator } from "./evaluation/evaluator.ts";

/** Who answers: each kind of need has its own. */
export interface Answerers {
  readonly evaluator: Evaluator;
}

export async function fulfil<T>(asking: Asking<T>, evaluator: Evaluator): Promise<T> {
  let step = asking.next();
  while (step.done !== true) step = asking.next(await answerNeed(step.value, { evaluator }));
  return step.value;
}

export async function answerNeed(need: Need, { evaluator }: Answerers): Promise<Answer> {
  switch (need.kind) {
    case "evaluate":
      return { kind: "evaluate", answer: await evaluator.evaluate(need.evaluation) };
    case "call":
      return { kind: "call", answers: need.calls.map(() => ({ kind: "failed", reason: "down", used: [] })) };
    case "translate":
      return { kind: "translate", answer: { kind: "failed", reason: "there is no translator" } };
    case "tags":
      return { kind: "tags", answer: { kind: "failed", reason: "there is no store" } };
  }
}
