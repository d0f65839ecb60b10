// What tests are given of the world outside: modules that some rule calls, a human that some rule asks.
import { isJsonArray, isJsonObject } from "../../mcp/json.ts";
import { didYouMean } from "../../source/nearest.ts";
import type { TestItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import type { ParsedFile } from "../parse-file.ts";
import { error, warning } from "../report.ts";
import { literalOf, type Scope } from "../scope.ts";

export function checkMocks(files: readonly ParsedFile[], scope: Scope): void {
  const items = files.flatMap((file) => file.items);
  const actions = items.flatMap((item) => (item.kind === "rule" ? item.actions : []));
  const isWhole = files.every(({ broken }) => broken.length === 0);
  const called = actions.flatMap((action) => (action.kind === "call" ? [action.module.text] : []));
  const isAsked = called.length > 0 || actions.some(mayAsk);
  for (const item of items) {
    if (item.kind !== "test") continue;
    checkQuestions(item, scope);
    for (const step of item.steps) {
      if (step.kind === "given-call") checkAnswer(step, scope);
      if (isWhole && step.kind === "given-call") checkCalled(step, called, scope);
      if (isWhole && step.kind === "given-human" && !isAsked)
        scope.report(warning("MR513", step.span, "no rule asks a human"));
    }
  }
}

function mayAsk(action: ActionNode): boolean {
  return action.kind === "ask" || (action.kind === "limit" && action.otherwise?.kind === "ask");
}

function checkCalled({ module }: StepNode & { kind: "given-call" }, called: readonly string[], scope: Scope): void {
  if (called.includes(module.text)) return;
  scope.report(error("MR513", module.span, `no rule calls \`${module.text}\``, didYouMean(module.text, called)));
}

/** `{"valid": false, …}` is what a validator says; any other object takes the place of what it was shown. */
function checkAnswer({ returns }: StepNode & { kind: "given-call" }, scope: Scope): void {
  const value = returns === undefined ? undefined : literalOf(returns, scope);
  if (returns === undefined || value === undefined || isJsonObject(value)) return;
  const what = isJsonArray(value) ? "a list" : "no object";
  const help = 'write `{"valid": false}`, or the whole of what it was shown as it is to be';
  scope.report(error("MR407", returns.span, `a module returns an object, and this is ${what}`, help));
}

/** Once a human has decided, nothing is left to be asked. */
function checkQuestions(item: TestItem, scope: Scope): void {
  let decision: string | undefined;
  for (const step of item.steps) {
    if (step.kind === "given-human") decision = step.decision;
    if (step.kind !== "expect-verdict" || step.verdict !== "ask" || decision === undefined) continue;
    const help = decision === "approves" ? "write `expect allow`" : "write `expect block by` the rule that asks";
    scope.report(error("MR513", step.span, `the human of this test ${decision}: nobody is asked any more`, help));
  }
}
