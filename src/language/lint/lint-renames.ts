// Lints of renames: one that never counts, since another one before it gives the same things a name.
import { isWithin } from "../../expression/pattern-algebra.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { CompiledHead, CompiledPolicy, CompiledTarget } from "../compiled-policy.ts";
import { alsoAt, warning } from "../report.ts";
import type { Scope } from "../scope.ts";

/** `rules` and those of the policy are the same, in the same order. */
export function lintRenames(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  const before: { readonly rule: RuleItem; readonly head: CompiledHead }[] = [];
  for (const [index, rule] of rules.entries()) {
    const rename = rule.actions.find((action) => action.kind === "rename");
    const head = policy.rules[index]?.head;
    if (rename === undefined || head === undefined) continue;
    const first = before.slice(-MOST_OTHERS).find((one) => isCovered(head, one.head));
    before.push({ rule, head });
    if (first === undefined) continue;
    const message = `\`${first.rule.id.text}\` names these already: of two renames the first counts`;
    const help = "keep one of them, or put the narrower one first";
    scope.report(alsoAt(warning("MR555", rename.span, message, help), first.rule.id.span, "the first one"));
  }
}

/** Of a large policy, no more than these are looked at for each. */
const MOST_OTHERS = 100;

/** All that `inner` is about, `outer` is about too, on the same servers or more, and for everybody. */
function isCovered(inner: CompiledHead, outer: CompiledHead): boolean {
  if (outer.excepts.length > 0 || !inner.targets.every((one) => outer.targets.some((other) => isInside(one, other))))
    return false;
  return outer.clauses.every(
    (clause) =>
      clause.kind === "on" && inner.clauses.some((one) => one.kind === "on" && isWithin(one.server, clause.server)),
  );
}

function isInside(inner: CompiledTarget, outer: CompiledTarget): boolean {
  return (
    inner.kind === "thing" && outer.kind === "thing" && inner.thing === outer.thing && isWithin(inner.name, outer.name)
  );
}
