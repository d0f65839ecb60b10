// What is allowed and hardly meant: warnings about a policy that is otherwise sound.
import type { Item, RuleItem } from "../tree/ast.ts";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { lintAccess } from "./lint-access.ts";
import { lintAsks } from "./lint-asks.ts";
import { lintComparisons } from "./lint-comparisons.ts";
import { lintContexts } from "./lint-contexts.ts";
import { lintLists } from "./lint-lists.ts";
import { lintNames } from "./lint-names.ts";
import { lintReach } from "./lint-reach.ts";
import { lintReasons } from "./lint-reasons.ts";
import { lintRemote } from "./lint-remote.ts";
import { lintRenames } from "./lint-renames.ts";
import { lintTags } from "./lint-tags.ts";
import { lintTested } from "./lint-tested.ts";
import { lintTexts } from "./lint-texts.ts";
import { lintVerdicts } from "./lint-verdicts.ts";
import { lintWrites } from "./lint-writes.ts";
import type { Scope } from "../scope.ts";

/** `policy` was compiled from these items. */
export function lintPolicy(items: readonly Item[], policy: CompiledPolicy, scope: Scope): void {
  const rules = items.filter((item): item is RuleItem => item.kind === "rule");
  lintNames(items, policy, scope);
  lintVerdicts(rules, policy, scope);
  lintReasons(rules, policy, scope);
  lintWrites(rules, policy, scope);
  lintTested(rules, policy, scope);
  lintAsks(rules, policy, scope);
  lintTags(rules, scope);
  lintRenames(rules, policy, scope);
  lintRemote(rules, policy, scope);
  for (const [index, rule] of rules.entries()) {
    const compiled = policy.rules[index];
    if (compiled !== undefined) lintReach(rule, compiled, scope);
    lintAccess(rule, scope);
    lintComparisons(rule, policy, scope);
    lintLists(rule, scope);
    lintContexts(rule, scope);
    lintTexts(rule, scope);
  }
}
