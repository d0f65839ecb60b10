// `limit`: what is counted, over which time, and what becomes of what is over it.
import type { LimitNode } from "../tree/ast-actions.ts";
import { checkDuration } from "./check-durations.ts";
import { checkField } from "./check-fields.ts";
import { isReplyPhase, type Reached } from "../reach.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

/** What stands behind `else` is for others to check. */
export function checkLimit(action: LimitNode, reached: readonly Reached[], scope: Scope): void {
  checkCount(action, scope);
  checkDuration(action.per, { least: 100, most: YEAR, what: "messages are counted over" }, scope);
  if (action.of !== undefined) checkField(action.of, reached, scope);
  if (reached.length === 0 || reached.some(mayBeCounted)) return;
  scope.report(error("MR510", action.span, ...whyNot(reached)));
}

function whyNot(reached: readonly Reached[]): readonly [message: string, help: string] {
  if (reached.some((one) => one.kind !== "thing" && isReplyPhase(one.phase)))
    return ["replies are not counted", "a request is counted as it is sent: name its method"];
  if (reached.some(isAboutTask))
    return [
      "what is asked about a task is not counted",
      "it is part of the call that made the task: count `tools/call`",
    ];
  return ["notifications are not counted", "nobody waits for one, to be told to come again"];
}

/** Counted as it is sent; what comes back belongs to it. */
export function mayBeCounted(reached: Reached): boolean {
  if (reached.kind === "thing") return true;
  if (isReplyPhase(reached.phase) || isAboutTask(reached)) return false;
  return reached.kind === "unknown" || reached.method.kind === "request";
}

const ABOUT_TASKS: ReadonlySet<string> = new Set(["tasks/get", "tasks/result", "tasks/update", "tasks/cancel"]);

function isAboutTask(reached: Reached): boolean {
  return reached.kind === "message" && ABOUT_TASKS.has(reached.method.method);
}

const YEAR = 366 * 86_400_000;

function checkCount({ amount, of }: LimitNode, scope: Scope): void {
  const { count, span } = amount;
  if (count > 0 && (of !== undefined || Number.isInteger(count))) return;
  const written = `\`limit ${String(count)}\``;
  if (count > 0) {
    const help = "values of a message are counted by `of`: `limit 2.5 of params.arguments.amount per 1d`";
    scope.report(error("MR406", span, `${written}: messages are counted one by one`, help));
  } else scope.report(error("MR406", span, `${written} lets nothing through`, "nothing at all is `block`"));
}
