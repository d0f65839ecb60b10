// Lints of caches: one that answers calls that may write, too.
import type { RuleItem } from "../tree/ast.ts";
import type { CompiledPolicy } from "../compiled-policy.ts";
import type { TargetNode } from "../tree/ast-heads.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";

export function lintCaches({ head, actions }: RuleItem, policy: CompiledPolicy, scope: Scope): void {
  if (policy.defaults.some((one) => one.head === undefined && one.verdict === "block")) return;
  const cache = actions.find((action) => action.kind === "cache");
  const isNarrowed = head.clauses.some(({ kind }) => kind !== "for" && kind !== "from") || head.excepts.length > 0;
  if (cache === undefined || isNarrowed || !head.targets.some((target) => isEveryTool(target, scope))) return;
  const message = "a tool that writes is answered from the cache too: the second call does nothing";
  const help = "name the tools that only read: `tools/call get_* | list_*`";
  scope.report(warning("MR593", cache.span, message, help));
}

/** Of every server. */
export function isEveryTool(target: TargetNode, scope: Scope): boolean {
  if (target.kind === "any" || target.pattern === undefined) return false;
  const isTool = target.kind === "thing" ? target.thing === "tool" : target.method.text === "tools/call";
  return isTool && patternParts(target.pattern, scope).some((part) => part.kind === "glob" && /^\*+$/.test(part.text));
}
