// What is allowed and hardly meant: warnings about a policy that is otherwise sound.
import type { Item, RuleItem } from "./ast.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import { lintAccess } from "./lint-access.ts";
import { lintComparisons } from "./lint-comparisons.ts";
import { lintNames } from "./lint-names.ts";
import { lintReach } from "./lint-reach.ts";
import { lintVerdicts } from "./lint-verdicts.ts";
import type { Scope } from "./scope.ts";

/** `policy` was compiled from these items. */
export function lintPolicy(items: readonly Item[], policy: CompiledPolicy, scope: Scope): void {
  const rules = items.filter((item): item is RuleItem => item.kind === "rule");
  lintNames(items, policy, scope);
  lintVerdicts(rules, policy, scope);
  for (const rule of rules) {
    lintReach(rule, scope);
    lintAccess(rule, scope);
    lintComparisons(rule, policy, scope);
  }
}
