// Lints of conditions: globs that are compared letter by letter, and levels that are ordered.
import type { RuleItem } from "../tree/ast.ts";
import type { ClauseNode } from "../tree/ast-heads.ts";
import type { ConditionNode, ValueNode, Written } from "../tree/ast-values.ts";
import type { Comparison } from "../compiled-value.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";
import { mayBeForeign } from "./kinds-of-fields.ts";

export function lintComparisons(rule: RuleItem, scope: Scope): void {
  const isAllow = rule.actions.some((action) => action.kind === "allow");
  for (const clause of rule.head.clauses) lintClause(clause, isAllow ? "allow" : "with", scope);
  for (const { clauses } of rule.head.excepts) {
    const isAlone = clauses.length === 1 && clauses[0]?.kind === "with" && clauses[0].conditions.length === 1;
    for (const clause of clauses) lintClause(clause, isAlone ? "except" : "among others", scope);
  }
}

/** In an `except`, a condition is alone or among others. */
type Standing = "with" | "allow" | "except" | "among others";

function lintClause(clause: ClauseNode, standing: Standing, scope: Scope): void {
  if (clause.kind === "with") for (const condition of clause.conditions) lintCondition(condition, standing, scope);
}

function lintCondition({ test, paths }: ConditionNode, standing: Standing, scope: Scope): void {
  if (test?.kind === "compares" && test.value.kind === "variable")
    lintAlternatives(test.value, test.comparison, negationOf(paths, `$${test.value.name}`, standing), scope);
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
  if (!isGlobOfPlaces(value) || mayBeForeign(paths) || (test.comparison !== "=" && test.comparison !== "!=")) return;
  scope.report(
    warning(
      "MR564",
      span,
      `\`${test.comparison}\` compares letter by letter: \`*\` is a star here`,
      test.comparison === "=" ? PATTERN[standing] : negationOf(paths, JSON.stringify(value), standing),
    ),
  );
}

/** Of paths, addresses and hosts: elsewhere a star may well be meant. */
function isGlobOfPlaces(text: string): boolean {
  if (!text.includes("*") || /[\s()]/.test(text)) return false;
  return /^(?:[/~]|[A-Za-z]:[/\\]|[\w+.-]+:\/\/)|^\*\*?@\w|^\*\.[\w-]+(?:\.[\w-]+)+$/.test(text);
}

const BY_ITSELF = "leave the `=` out and it is a pattern";
const OPENING = "without the `=` it is a pattern, and opens all that it matches";
const PATTERN: Readonly<Record<Standing, string>> = {
  with: BY_ITSELF,
  allow: OPENING,
  except: OPENING,
  "among others": OPENING,
};

/** How it is said that a pattern does not match. */
function negationOf(paths: readonly Written[], pattern: string, standing: Standing): string {
  const condition = `with ${paths.map(({ text }) => `${text} ${pattern}`).join(" and ")}`;
  if (standing === "with" || standing === "allow") return `write \`except ${condition}\``;
  return standing === "except"
    ? `two negations are none: write \`${condition}\` without \`except\``
    : "a pattern is negated by `except`: make it a rule of its own";
}

/** A `let` with several alternatives is a list where it is a value. */
function lintAlternatives(
  value: ValueNode & { kind: "variable" },
  comparison: Comparison,
  negation: string,
  scope: Scope,
): void {
  const known = scope.lets.get(value.name);
  if (known?.kind !== "pattern" || !Array.isArray(known.value) || (comparison !== "=" && comparison !== "!=")) return;
  const message = `\`${comparison}\` compares with all alternatives of \`$${value.name}\` as one list`;
  const help = comparison === "=" ? "leave the `=` out, and one of them is enough" : negation;
  scope.report(warning("MR564", value.span, message, help));
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
