// Lints of reasons that nobody reads: a thing that its rule hides is unknown to clients, and nobody is told why.
import type { Path } from "../../expression/path.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { CompiledClause, CompiledPolicy, CompiledRule, CompiledTarget } from "../compiled-policy.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";

/** `rules` and those of the policy are the same, in the same order. */
export function lintReasons(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  const excepted = new Set(policy.exceptions.flatMap((exception) => exception.rules));
  for (const [index, rule] of rules.entries()) {
    const block = rule.actions.find((action) => action.kind === "block");
    const compiled = policy.rules[index];
    if (block?.reason === undefined || compiled === undefined) continue;
    if (compiled.stage.kind !== "enforced" || excepted.has(compiled.id) || !hidesAll(compiled)) continue;
    const help = "a reason is for calls of what is listed; for readers of the policy, it stands behind the rule's id";
    scope.report(warning("MR572", block.reason.span, "nobody sees this reason: the rule hides what it is about", help));
  }
}

/** Nothing about it hangs on the call. (Of a resource that comes inside a result, the reason is told.) */
function hidesAll({ head }: CompiledRule): boolean {
  const clauses = [...head.clauses, ...head.excepts.flat()];
  return head.targets.every((target) => isCalled(target) && clauses.every((clause) => isKnown(clause, target)));
}

function isCalled(target: CompiledTarget): boolean {
  if (target.kind === "thing") return target.thing !== "resource";
  if (target.kind !== "method" || target.phase !== "request") return false;
  return target.method.parts.every((part) => part.kind === "glob" && CALLS.has(part.text));
}

const CALLS: ReadonlySet<string> = new Set(["tools/call", "prompts/get"]);

/** Whether the answer is there before anything is called. */
function isKnown(clause: CompiledClause, { kind }: CompiledTarget): boolean {
  const isThing = kind === "thing";
  switch (clause.kind) {
    case "on":
    case "for":
    case "from":
      return true;
    case "with":
      return clause.all.every(
        ({ anyOf, test }) => anyOf.every((path) => isKnownPath(path, isThing)) && !isOfMessage(test, isThing),
      );
    case "without":
      return isKnownPath(clause.path, isThing);
    case "containing":
      return isThing;
    case "where":
      return isThing && !clause.expression.variables.includes("message");
  }
}

function isOfMessage(test: (CompiledClause & { kind: "with" })["all"][number]["test"], isThing: boolean): boolean {
  if (test.kind !== "compares" || test.value.kind === "literal") return false;
  return test.value.kind === "expression" || !isKnownPath(test.value.path, isThing);
}

function isKnownPath(path: Path, isThing: boolean): boolean {
  if (!path.absolute) return isThing;
  const [first] = path.steps;
  return first?.kind === "member" && BESIDE.has(first.key);
}

const BESIDE: ReadonlySet<string> = new Set(["server", "client", "user"]);
