// By which clauses something is let through: those of an `allow` or an exception, and the `except`s of what takes away.
import type { DefaultItem, ExceptionItem, RuleItem } from "./tree/ast.ts";
import type { ClauseNode } from "./tree/ast-heads.ts";
import { isVerdict } from "./compile/compile-rule.ts";

/** Each group by all of its clauses. */
export function groupsThatOpen(item: RuleItem | ExceptionItem | DefaultItem): readonly (readonly ClauseNode[])[] {
  if (item.kind === "default") return [];
  if (item.kind === "exception") return [item.head.clauses];
  const isAllow = item.actions.some((action) => action.kind === "allow");
  const excepts = takesAway(item) ? item.head.excepts.map(({ clauses }) => clauses) : [];
  return isAllow ? [item.head.clauses, ...excepts] : excepts;
}

export function takesAway(rule: RuleItem): boolean {
  return rule.actions.some((action) => isVerdict(action) && action.kind !== "allow");
}
