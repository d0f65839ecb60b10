// What is allowed and hardly meant: warnings about a policy that is otherwise sound.
import type { Item, RuleItem } from "../tree/ast.ts";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { lintAccess, lintExceptions } from "./lint-access.ts";
import { lintAsks } from "./lint-asks.ts";
import { lintBlockLists } from "./lint-block-lists.ts";
import { lintBlocked } from "./lint-blocked.ts";
import { lintCaches } from "./lint-caches.ts";
import { lintComparisons } from "./lint-comparisons.ts";
import { lintContexts } from "./lint-contexts.ts";
import { lintContradictions } from "./lint-contradictions.ts";
import { lintExpressions } from "./lint-expressions.ts";
import { lintFields } from "./lint-fields.ts";
import { lintLists } from "./lint-lists.ts";
import { lintNames } from "./lint-names.ts";
import { lintPatterns } from "./lint-patterns.ts";
import { lintReach } from "./lint-reach.ts";
import { lintReasons } from "./lint-reasons.ts";
import { lintRemote } from "./lint-remote.ts";
import { lintRenames } from "./lint-renames.ts";
import { lintTags } from "./lint-tags.ts";
import { lintTested } from "./lint-tested.ts";
import { lintTexts } from "./lint-texts.ts";
import { lintVerdicts } from "./lint-verdicts.ts";
import { lintWrites } from "./lint-writes.ts";
import { evidenceOf } from "./misread-body.ts";
import type { Scope } from "../scope.ts";

/** `policy` was compiled from these items. */
export function lintPolicy(items: readonly Item[], policy: CompiledPolicy, scope: Scope): void {
  const rules = items.filter((item): item is RuleItem => item.kind === "rule");
  lintNames(items, policy, scope);
  lintVerdicts(rules, policy, scope);
  lintBlocked(rules, policy, scope);
  lintBlockLists(rules, policy, scope);
  lintExceptions(items, scope);
  lintPatterns(items, scope);
  lintContradictions(items, scope);
  lintReasons(rules, policy, scope);
  lintWrites(rules, policy, scope);
  lintTested(rules, policy, scope);
  lintAsks(rules, policy, scope);
  lintTags(rules, scope);
  lintRenames(rules, policy, scope);
  lintRemote(rules, policy, scope);
  const evidence = evidenceOf(policy, scope);
  lintFields(items, evidence, scope);
  for (const [index, rule] of rules.entries()) {
    const compiled = policy.rules[index];
    if (compiled !== undefined) lintReach(rule, compiled, scope);
    lintAccess(rule, scope);
    lintComparisons(rule, scope);
    lintCaches(rule, policy, scope);
    lintExpressions(rule, evidence, scope);
    lintLists(rule, scope);
    lintContexts(rule, evidence, scope);
    lintTexts(rule, scope);
  }
}
