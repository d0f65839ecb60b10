// Lints of rules about what the default blocks: nobody is asked about it, and nobody sees what is changed of it.
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { TargetNode } from "../tree/ast-heads.ts";
import type { CompiledHead, CompiledPolicy } from "../compiled-policy.ts";
import { asCalls, mayMeet } from "../heads-meet.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";

/** `rules` and those of the policy are the same, in the same order. */
export function lintBlocked(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  if (!policy.defaults.some(({ head, verdict }) => head === undefined && verdict === "block")) return;
  const opening = headsThatOpen(policy);
  if (opening.length * rules.length > MOST_PAIRS) return;
  for (const [index, rule] of rules.entries()) {
    const compiled = policy.rules[index];
    const action = rule.actions.find(isInVain);
    const isPlain = rule.actions.every(({ kind }) => kind !== "allow" && kind !== "block");
    if (compiled?.stage.kind !== "enforced" || action === undefined || !isPlain) continue;
    if (!rule.head.targets.every(isJudged)) continue;
    const head = asCalls(compiled.head);
    if (opening.some((other) => mayMeet(head, other))) continue;
    const isVerdict = VERDICTS.has(action.kind);
    const message = `\`${action.kind}\` ${isVerdict ? "opens" : "changes"} nothing: the default blocks all that this is about`;
    const mayAllow =
      isVerdict && action.kind !== "limit" && !rule.head.targets.some((target) => isEvery(target, scope));
    const help = mayAllow ? `write \`allow ${action.kind} …\`` : "let another rule `allow` it";
    scope.report(warning("MR592", action.span, message, help));
  }
}

/** To allow that would open everything. */
function isEvery(target: TargetNode, scope: Scope): boolean {
  if (target.kind === "any" || target.pattern === undefined) return true;
  return patternParts(target.pattern, scope).some((part) => part.kind === "glob" && /^\*+$/.test(part.text));
}

/** In a large policy, nobody is told. */
const MOST_PAIRS = 50_000;

function headsThatOpen({ rules, defaults }: CompiledPolicy): readonly CompiledHead[] {
  const allows = rules.filter(({ verdicts }) => verdicts.some(({ kind }) => kind === "allow"));
  const narrower = defaults.flatMap(({ head, verdict }) => (head !== undefined && verdict === "allow" ? [head] : []));
  return [...allows.map(({ head }) => head), ...narrower].map(asCalls);
}

const VERDICTS: ReadonlySet<ActionNode["kind"]> = new Set(["ask", "answer", "limit"]);
const CHANGING: ReadonlySet<ActionNode["kind"]> = new Set(["set", "add", "remove", "rewrite", "supply"]);

function isInVain({ kind }: ActionNode): boolean {
  return VERDICTS.has(kind) || CHANGING.has(kind);
}

const CALLS: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

/** By a default, whoever sends it. */
function isJudged(target: TargetNode): boolean {
  if (target.kind === "thing") return true;
  return target.kind === "method" && target.reply === undefined && CALLS.has(target.method.text);
}
