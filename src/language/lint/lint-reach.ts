// Lints of heads: targets that no message meets, or that every message does.
import { isWithin, mayOverlap } from "../../expression/pattern-algebra.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { ClauseNode } from "../tree/ast-heads.ts";
import { mayBeAnswered } from "../check/check-answer.ts";
import { mayBeAskedFor } from "../check/check-ask.ts";
import { mayBeCounted } from "../check/check-limit.ts";
import type { CompiledClause, CompiledHead, CompiledRule } from "../compiled-policy.ts";
import { isReplyPhase, reachOfHead, type Reached } from "../reach.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";

export function lintReach(rule: RuleItem, { head }: CompiledRule, scope: Scope): void {
  const reached = reachOfHead(rule.head);
  lintServers(rule, head, scope);
  for (const clause of rule.head.clauses) {
    if (clause.kind === "from") lintSide(clause, reached, scope);
    if (clause.kind === "where") lintCost(rule, clause, scope);
  }
  for (const action of rule.actions) {
    lintMissed(action, reached, scope);
    const isOnResults = rule.head.targets.every(
      (target) => target.kind !== "thing" && (target.kind === "any" ? target.of : target.reply) === "result",
    );
    if (action.kind === "redact" && action.path === undefined && isOnResults) {
      scope.report(
        warning(
          "MR557",
          action.span,
          "errors and notifications of the server are not masked",
          "write `when message from server`, or `reply of …`",
        ),
      );
    }
  }
}

function lintMissed(action: ActionNode, reached: readonly Reached[], scope: Scope): void {
  if (action.kind === "limit" && action.otherwise !== undefined) lintMissed(action.otherwise, reached, scope);
  if (action.kind !== "ask" && action.kind !== "answer" && action.kind !== "limit") return;
  const { may, message, help } = PARTLY[action.kind];
  if (!reached.some(may) || reached.every(may)) return;
  scope.report(warning("MR556", action.span, message, help));
}

const PARTLY = {
  ask: {
    may: mayBeAskedFor,
    message: "nobody can be asked about some of these messages: they are blocked",
    help: "ask about requests only, in a rule of their own",
  },
  answer: {
    may: mayBeAnswered,
    message: "some of these messages cannot be answered: they are blocked",
    help: "answer requests only, in a rule of their own",
  },
  limit: {
    may: mayBeCounted,
    message: "some of these messages are not counted: they pass",
    help: "only requests are; write `when request`, or name their methods",
  },
} as const;

/** Two `on` with no server in common, or an `except` that takes out all that the others leave. */
function lintServers(rule: RuleItem, head: CompiledHead, scope: Scope): void {
  const servers = head.clauses.flatMap((clause) => (clause.kind === "on" ? [clause.server] : []));
  const second = rule.head.clauses.filter((clause) => clause.kind === "on")[1];
  if (second !== undefined && servers.some((one) => servers.some((other) => !mayOverlap(one, other)))) {
    const help = "this rule never matches: alternatives are joined by `|`";
    scope.report(warning("MR555", second.span, "no server is called both", help));
  }
  for (const [index, group] of head.excepts.entries()) {
    const isAll = group.every((except) => head.clauses.some((clause) => isCertainlyWithin(clause, except)));
    const span = rule.head.excepts[index]?.span;
    if (isAll && span !== undefined)
      scope.report(warning("MR555", span, "this takes out all that the rule is about", "it never matches"));
  }
}

/** Of who sent it and where: there is no doubt about those. */
function isCertainlyWithin(inner: CompiledClause, outer: CompiledClause): boolean {
  if (inner.kind === "on" && outer.kind === "on") return isWithin(inner.server, outer.server);
  return inner.kind === "from" && outer.kind === "from" && inner.side === outer.side;
}

/** Who sends a message is known of each method; a reply goes the other way. */
function lintSide(clause: ClauseNode & { kind: "from" }, reached: readonly Reached[], scope: Scope): void {
  if (reached.length === 0 || reached.some((one) => mayComeFrom(one, clause.side))) return;
  const other = clause.side === "client" ? "server" : "client";
  scope.report(
    warning(
      "MR555",
      clause.span,
      `no ${clause.side} sends this: it comes from the ${other}`,
      "this rule never matches",
    ),
  );
}

function mayComeFrom(reached: Reached, side: "client" | "server"): boolean {
  if (reached.kind !== "message") return reached.kind === "unknown" || side === "client";
  const { from } = reached.method;
  if (from === "either") return true;
  return isReplyPhase(reached.phase) ? from !== side : from === side;
}

function lintCost(rule: RuleItem, clause: ClauseNode, scope: Scope): void {
  const isWide = rule.head.targets.some((target) => target.kind === "any" && target.of !== "notification");
  const isNarrowed = rule.head.clauses.some(
    (other) => other.kind === "on" || other.kind === "with" || other.kind === "for",
  );
  if (!isWide || isNarrowed) return;
  scope.report(
    warning(
      "MR558",
      clause.span,
      "every message pays for this expression",
      "name the methods it is for, or put `on` or `with` before it",
    ),
  );
}
