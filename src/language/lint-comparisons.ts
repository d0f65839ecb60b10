// Lints of conditions: globs that are compared letter by letter, block-lists of paths, expressions that hide what they ask.
import type { ConditionNode, RuleItem } from "./ast.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import { warning } from "./report.ts";
import { patternParts, type Scope } from "./scope.ts";

export function lintComparisons(rule: RuleItem, policy: CompiledPolicy, scope: Scope): void {
  const clauses = [...rule.head.clauses, ...rule.head.excepts.flatMap((group) => group.clauses)];
  const isVerdict = rule.actions.some((action) => action.kind === "block" || action.kind === "allow");
  for (const clause of clauses) {
    if (clause.kind === "with") for (const condition of clause.conditions) lintCondition(condition, scope);
    if (clause.kind === "where") lintExpression(clause.expression, isVerdict, scope);
  }
  const isOpen = policy.defaults.some((one) => one.head === undefined && one.verdict === "allow");
  if (isOpen && rule.actions.some((action) => action.kind === "block")) lintBlockList(rule, scope);
}

function lintCondition({ test }: ConditionNode, scope: Scope): void {
  if (test?.kind !== "compares" || test.value.kind !== "literal" || typeof test.value.value !== "string") return;
  const { value, span } = test.value;
  if (!value.includes("*") || (test.comparison !== "=" && test.comparison !== "!=")) return;
  scope.report(
    warning(
      "MR564",
      span,
      `\`${test.comparison}\` compares letter by letter: \`*\` is a star here`,
      "leave the `=` out and it is a pattern",
    ),
  );
}

/** Paths can be written in many ways and reached by many roads: what is closed is never complete. */
function lintBlockList(rule: RuleItem, scope: Scope): void {
  for (const clause of rule.head.clauses) {
    if (clause.kind !== "with") continue;
    for (const { test } of clause.conditions) {
      if (
        test?.kind !== "matches" ||
        !patternParts(test.pattern, scope).some((part) => part.kind === "glob" && /^[/~].*\//.test(part.text))
      )
        continue;
      scope.report(
        warning(
          "MR565",
          test.pattern.span,
          "a list of closed paths is never complete",
          'fence instead: `except with PATH "/what/is/open/**"` and `block`',
        ),
      );
    }
  }
}

const PLAIN = /^\(\s*([A-Za-z_][\w.]*)\s*=\s*("[^"\\]*"|-?\d+(?:\.\d+)?|true|false)\s*\)$/;

function lintExpression(
  node: { readonly source: string; readonly span: ConditionNode["span"] },
  isVerdict: boolean,
  scope: Scope,
): void {
  const plain = PLAIN.exec(node.source);
  if (plain !== null) {
    const help = `write \`with ${plain[1] ?? ""} = ${plain[2] ?? ""}\`: it is faster, and doubt is told from no`;
    scope.report(warning("MR566", node.span, "this expression is a condition", help));
  }
  const negated = isVerdict ? /!=|\$not\((?!\$exists\()|\sin\s/.exec(node.source) : null;
  if (negated === null) return;
  const start = node.span.start + negated.index;
  const span = { ...node.span, start, end: start + negated[0].trimEnd().length };
  scope.report(
    warning(
      "MR567",
      span,
      `\`${negated[0].trim().replace("(", "")}\` is also true of what is absent or of another type`,
      "`except with …` and `without …` keep doubt apart",
    ),
  );
}
