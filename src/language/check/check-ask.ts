// `ask`: whom it can be put to, how long there is for an answer, and what stands in the question.
import { didYouMean } from "../../source/nearest.ts";
import type { AskNode } from "../tree/ast-actions.ts";
import type { HeadNode } from "../tree/ast-heads.ts";
import { checkDuration } from "./check-durations.ts";
import { checkTemplate } from "./check-templates.ts";
import type { Reached } from "../reach.ts";
import { error, warning } from "../report.ts";
import type { Scope } from "../scope.ts";
import { isServed, WAYS_TO_ASK } from "../ways-to-ask.ts";

export function checkAsk(action: AskNode, head: HeadNode, reached: readonly Reached[], scope: Scope): void {
  if (action.question !== undefined) checkTemplate(action.question, "question", head, scope);
  checkWay(action, scope);
  checkPatience(action, scope);
  if (reached.length === 0 || reached.some(mayBeAskedFor)) return;
  const isSent = reached.some((one) => one.kind !== "thing" && one.phase === "request");
  const message = isSent ? "nobody is asked about a notification" : "nobody is asked about an error";
  const help = isSent ? "nobody waits for it: `block` drops it" : "ask before the request is sent: name its method";
  scope.report(error("MR510", action.span, message, help));
}

/** A request waits for what a human says, and so does the result that comes back. */
export function mayBeAskedFor(reached: Reached): boolean {
  if (reached.kind === "thing") return true;
  if (reached.phase === "error") return false;
  return reached.kind === "unknown" || reached.method.kind === "request";
}

function checkWay({ via }: AskNode, scope: Scope): void {
  if (via?.text === "url") {
    const message = "nobody can be asked at a `url` in this version: such messages are refused";
    return scope.report(warning("MR313", via.span, message, "write `via queue`"));
  }
  if (via === undefined || WAYS_TO_ASK.some((way) => way === via.text)) return;
  const help =
    didYouMean(via.text, WAYS_TO_ASK.filter(isServed)) ?? "a human is asked by `elicitation`, or in the `queue`";
  scope.report(error("MR313", via.span, `there is no way to ask called \`${via.text}\``, help));
}

const SECOND = 1000;
const HOUR = 3_600_000;

/** A client keeps its request open for an hour at most; a page and the queue can wait for a day. */
function checkPatience({ within, via }: AskNode, scope: Scope): void {
  if (within === undefined) return;
  const isKept = via?.text === "url" || via?.text === "queue";
  const help = isKept ? undefined : "only `via queue` waits for up to a day";
  checkDuration(within, { least: 5 * SECOND, most: isKept ? 24 * HOUR : HOUR, what: "a human is given", help }, scope);
}
