// Lints of what leaves the house: modules and translators far away that see what no `redact` has masked before.
import { LISTS } from "../../mcp/lists.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { Written } from "../tree/ast-values.ts";
import type { CompiledPolicy, CompiledRule } from "../compiled-policy.ts";
import { mayMeet } from "../heads-meet.ts";
import { reachOfHead, type Reached } from "../reach.ts";
import { alsoAt, warning } from "../report.ts";
import type { Scope } from "../scope.ts";

/** `rules` and those of the policy are the same, in the same order. */
export function lintRemote(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  const redacting = policy.rules.filter(({ transforms }) => transforms.some(({ kind }) => kind === "redact"));
  for (const [index, rule] of rules.entries()) {
    const compiled = policy.rules[index];
    for (const [place, action] of rule.actions.entries()) {
      const helper = compiled === undefined ? undefined : remoteIn(action, rule, scope);
      const isMasked = rule.actions.slice(0, place).some(({ kind }) => kind === "redact");
      if (helper === undefined || compiled === undefined || isMasked) continue;
      lintHelper(helper, compiled, redacting, { rules, scope });
    }
  }
}

/** The name of a helper that is reached over the network, where it sees what may be people's data. */
function remoteIn(action: ActionNode, rule: RuleItem, { modules, translators }: Scope): Written | undefined {
  if (action.kind === "call") {
    const known = modules?.find(({ name }) => name === action.module.text);
    return known?.isRemote === true ? action.module : undefined;
  }
  if (action.kind !== "translate" || action.paths.length === 0 || reachOfHead(rule.head).every(isOfLists)) return;
  const { using, to } = action;
  const known = translators?.find(({ name, isDefault }) => (using === undefined ? isDefault : name === using.text));
  return known?.isRemote === true ? (using ?? to) : undefined;
}

function isOfLists(reached: Reached): boolean {
  if (reached.kind !== "message") return reached.kind === "thing";
  return reached.phase === "result" && LISTS.some(({ method }) => method === reached.method.method);
}

interface Around {
  readonly rules: readonly RuleItem[];
  readonly scope: Scope;
}

function lintHelper(
  helper: Written,
  rule: CompiledRule,
  redacting: readonly CompiledRule[],
  { rules, scope }: Around,
): void {
  const others = redacting.filter((other) => other.order !== rule.order && mayMeet(other.head, rule.head));
  if (others.some(({ order }) => order < rule.order)) return;
  const late = rules[others[0]?.order ?? -1];
  const message = "this goes over the network, and no `redact` stands before it";
  const help =
    late === undefined ? "mask first what is to stay in the house: `redact …`" : "put that rule before this one";
  const found = warning("MR588", helper.span, message, help);
  scope.report(late === undefined ? found : alsoAt(found, late.id.span, "masks it, and comes later"));
}
