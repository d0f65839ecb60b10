// What the evaluator and its worker thread say to each other.
import type { Evaluation, EvaluationAnswer } from "../../expression/jsonata/evaluation.ts";

/** Everything of an evaluation that can cross to another thread: of the expression, its text. */
export interface ToWorker extends Omit<Evaluation, "expression"> {
  readonly id: number;
  readonly source: string;
}

export type FromWorker =
  /** What it does from here on is no expression, but part of its start. */
  | { readonly kind: "starting" }
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly answer: EvaluationAnswer };
