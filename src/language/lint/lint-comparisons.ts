// Lints of conditions: globs that are compared letter by letter, block-lists of paths, expressions that hide what they ask.
import type { RuleItem } from "../tree/ast.ts";
import type { ConditionNode, ValueNode } from "../tree/ast-values.ts";
import type { Comparison } from "../compiled-value.ts";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { isVerdict } from "../compile/compile-rule.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";

export function lintComparisons(rule: RuleItem, policy: CompiledPolicy, scope: Scope): void {
  const clauses = [...rule.head.clauses, ...rule.head.excepts.flatMap((group) => group.clauses)];
  const hasVerdict = rule.actions.some(isVerdict);
  for (const clause of clauses) {
    if (clause.kind === "with") for (const condition of clause.conditions) lintCondition(condition, scope);
    if (clause.kind === "where") lintExpression(clause.expression, hasVerdict, scope);
  }
  const isOpen = policy.defaults.some((one) => one.head === undefined && one.verdict === "allow");
  if (isOpen && rule.actions.some((action) => action.kind === "block")) lintBlockList(rule, scope);
}

function lintCondition({ test, paths }: ConditionNode, scope: Scope): void {
  if (test?.kind === "compares" && test.value.kind === "variable") lintAlternatives(test.value, test.comparison, scope);
  if (test?.kind !== "compares" || test.value.kind !== "literal" || typeof test.value.value !== "string") return;
  const { value, span } = test.value;
  const levels = levelsMeant(test.comparison, value);
  if (levels.length > 0 && paths.every(({ text }) => /(?:^|\.)level$/.test(text))) {
    const message = `\`${test.comparison}\` compares texts by their letters, and levels are texts`;
    scope.report(
      warning(
        "MR575",
        span,
        message,
        `name the levels: \`with ${paths.map(({ text }) => text).join(" or ")} ${levels.join(" | ")}\``,
      ),
    );
  }
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

/** A `let` with several alternatives is a list where it is a value. */
function lintAlternatives(value: ValueNode & { kind: "variable" }, comparison: Comparison, scope: Scope): void {
  const known = scope.lets.get(value.name);
  if (known?.kind !== "pattern" || !Array.isArray(known.value) || (comparison !== "=" && comparison !== "!=")) return;
  const message = `\`${comparison}\` compares with all alternatives of \`$${value.name}\` as one list`;
  scope.report(warning("MR564", value.span, message, "leave the `=` out, and one of them is enough"));
}

/** MCP's, from the least to the most severe. */
const LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"] as const;

/** Those that come before or behind it. */
function levelsMeant(comparison: Comparison, level: string): readonly string[] {
  const at = LEVELS.findIndex((one) => one === level);
  if (at === -1) return [];
  switch (comparison) {
    case "<":
      return LEVELS.slice(0, at);
    case "<=":
      return LEVELS.slice(0, at + 1);
    case ">":
      return LEVELS.slice(at + 1);
    case ">=":
      return LEVELS.slice(at);
    case "=":
    case "!=":
      return [];
  }
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
  hasVerdict: boolean,
  scope: Scope,
): void {
  const plain = PLAIN.exec(node.source);
  if (plain !== null) {
    const help = `write \`with ${plain[1] ?? ""} = ${plain[2] ?? ""}\`: it is faster, and doubt is told from no`;
    scope.report(warning("MR566", node.span, "this expression is a condition", help));
  }
  const negated = hasVerdict ? /!=|\$not\((?!\$exists\()|\sin\s/.exec(node.source) : null;
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
