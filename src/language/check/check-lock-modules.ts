// Modules beside the lock: one that is called for a message has declared an interest in such messages.
import type { CatalogueLock } from "../../mcp/catalogue-lock.ts";
import { hooksMatch, interceptorEvent } from "../../mcp/interceptor-events.ts";
import type { LockedInterceptor } from "../../mcp/interceptor-lock.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import { reachOfHead, type Reached } from "../reach.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

export function checkLockedCalls(rule: RuleItem, { modules }: CatalogueLock, scope: Scope): void {
  if (modules === undefined) return;
  for (const action of rule.actions) {
    const declared = action.kind === "call" ? modules.get(action.module.text) : undefined;
    if (action.kind === "call" && declared !== undefined) checkInterest(action, rule, declared, scope);
  }
}

function checkInterest(
  { module }: ActionNode & { kind: "call" },
  rule: RuleItem,
  declared: readonly LockedInterceptor[],
  scope: Scope,
): void {
  const reached = reachOfHead(rule.head);
  if (reached.length === 0 || reached.some((one) => isOfInterest(one, declared))) return;
  const events = [...new Set(declared.flatMap(({ hooks }) => hooks.map(wordsOf)))];
  const help = events.length === 0 ? "it has declared none at all" : `it hears ${events.join("; ")}`;
  scope.report(error("MR314", module.span, `\`${module.text}\` has no interest in such messages`, help));
}

function isOfInterest(reached: Reached, declared: readonly LockedInterceptor[]): boolean {
  return eventsOf(reached).some(({ event, phase }) => declared.some(({ hooks }) => hooksMatch(hooks, event, phase)));
}

/** A failure is an error, or a result that says so. */
function eventsOf(reached: Reached) {
  if (reached.kind === "thing") return [];
  const method = reached.kind === "unknown" ? "" : reached.method.method;
  const sent = reached.kind === "unknown" ? "request" : reached.method.kind;
  const kinds = reached.phase === "failure" ? (["result", "error"] as const) : [reached.phase];
  return kinds.flatMap((kind) => interceptorEvent(kind === "request" ? sent : kind, method) ?? []);
}

function wordsOf({ events, phase }: LockedInterceptor["hooks"][number]): string {
  return `the ${phase}s of ${events.map((event) => `\`${event}\``).join(", ")}`;
}
