// Lints of `allow`s that change nothing: no default blocks what they allow, or a rule blocks it all the same.
import { isWithin, mayOverlap } from "../../expression/pattern-algebra.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { CompiledClause, CompiledHead, CompiledPolicy, CompiledRule, CompiledTarget } from "../compiled-policy.ts";
import { onlyName } from "../only-name.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";

/** `rules` and those of the policy are the same, in the same order. */
export function lintVerdicts(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  const blocks = indexBlocks(policy);
  for (const [index, rule] of rules.entries()) {
    const allow = rule.actions.find((action) => action.kind === "allow");
    const compiled = policy.rules[index];
    if (allow === undefined || compiled?.stage.kind !== "enforced") continue;
    const blocking = candidatesFor(compiled.head, blocks).find((other) => isCovered(compiled.head, other));
    if (blocking !== undefined) {
      const help = "a `block` is stronger than any `allow`: take it out there with `except`";
      scope.report(warning("MR568", allow.span, `\`${blocking.id}\` blocks all that this allows`, help));
    } else if (
      rule.actions.length === 1 &&
      !policy.defaults.some((one) => one.verdict === "block" && mayMeet(compiled.head, one.head))
    ) {
      const help = "`default block` makes a list of what is allowed; `block … except …` takes things out";
      scope.report(warning("MR569", allow.span, "no default blocks what this allows: it changes nothing", help));
    }
  }
}

/** Rules that block without exceptions: by the one name they are about, or among those about more. */
interface Blocks {
  readonly byName: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly others: readonly CompiledRule[];
}

/** Of a large policy the wide rules are looked at first, and no more than these for each `allow`. */
const MOST_OTHERS = 500;

function indexBlocks(policy: CompiledPolicy): Blocks {
  const byName = new Map<string, CompiledRule[]>();
  const others: CompiledRule[] = [];
  for (const rule of policy.rules) {
    const isBlock = rule.stage.kind === "enforced" && rule.verdicts.some(({ kind }) => kind === "block");
    if (!isBlock || rule.head.excepts.length > 0) continue;
    const name = onlyName(rule.head);
    if (name === undefined) others.push(rule);
    else byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  return { byName, others: others.slice(0, MOST_OTHERS) };
}

function candidatesFor(allowed: CompiledHead, { byName, others }: Blocks): readonly CompiledRule[] {
  return [...(byName.get(onlyName(allowed) ?? "") ?? []), ...others];
}

/** Whether the block certainly matches whenever the allow does. */
function isCovered(allowed: CompiledHead, { head }: CompiledRule): boolean {
  const isTargeted = allowed.targets.every((target) => head.targets.some((other) => isTargetWithin(target, other)));
  return isTargeted && head.clauses.every((clause) => allowed.clauses.some((other) => isClauseWithin(other, clause)));
}

function isTargetWithin(inner: CompiledTarget, outer: CompiledTarget): boolean {
  if (inner.kind === "thing" && outer.kind === "thing") {
    return inner.thing === outer.thing && isWithin(inner.name, outer.name);
  }
  if (inner.kind === "method" && outer.kind === "method") {
    const isSameName = outer.name === undefined || (inner.name !== undefined && isWithin(inner.name, outer.name));
    return inner.phase === outer.phase && isWithin(inner.method, outer.method) && isSameName;
  }
  return outer.kind === "any" && (outer.of === "message" || (inner.kind === "any" && inner.of === outer.of));
}

function isClauseWithin(inner: CompiledClause, outer: CompiledClause): boolean {
  if (inner.kind === "on" && outer.kind === "on") return isWithin(inner.server, outer.server);
  if (inner.kind === "for" && outer.kind === "for") {
    return inner.principal === outer.principal && isWithin(inner.name, outer.name);
  }
  return inner.kind === outer.kind && JSON.stringify(inner) === JSON.stringify(outer);
}

/** False only if the default certainly judges nothing of it. */
function mayMeet(allowed: CompiledHead, judged: CompiledHead | undefined): boolean {
  if (judged === undefined) return true;
  return allowed.targets.some((target) => judged.targets.some((other) => mayTargetsMeet(target, other)));
}

function mayTargetsMeet(one: CompiledTarget, other: CompiledTarget): boolean {
  if (one.kind === "thing" && other.kind === "thing")
    return one.thing === other.thing && mayOverlap(one.name, other.name);
  if (one.kind === "method" && other.kind === "method") return mayOverlap(one.method, other.method);
  return true;
}
