// `cache`: on requests of clients whose answers are the servers' own and can be given again.
import type { CacheNode } from "../tree/ast-actions.ts";
import { checkDuration } from "./check-durations.ts";
import { isReplyPhase, type Reached } from "../reach.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

export function checkCache(action: CacheNode, reached: readonly Reached[], scope: Scope): void {
  checkDuration(action.duration, { least: 1000, most: MONTH, what: "an answer is kept for" }, scope);
  if (reached.length === 0 || reached.some(mayBeKept)) return;
  scope.report(error("MR510", action.span, ...whyNot(reached)));
}

const MONTH = 30 * 86_400_000;

const KEPT: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read", "completion/complete"]);

/** Lists are kept anyway; the other requests are there to change something, or ask the other side. */
function mayBeKept(reached: Reached): boolean {
  if (reached.kind === "thing") return true;
  if (isReplyPhase(reached.phase)) return false;
  return reached.kind === "unknown" || KEPT.has(reached.method.method);
}

function whyNot(reached: readonly Reached[]): readonly [string, string] {
  if (reached.some((one) => one.kind !== "thing" && isReplyPhase(one.phase)))
    return ["a reply is kept by a rule on its request", "name the method alone: `when tools/call …`"];
  const isList = reached.some((one) => one.kind === "message" && one.method.method.endsWith("/list"));
  if (isList) return ["lists need no `cache`", "the proxy keeps the catalogue of each server anyway"];
  const named = [...KEPT].map((method) => `\`${method}\``).join(", ");
  return ["there is no answer here that could be given again", `answers are kept of ${named}`];
}
