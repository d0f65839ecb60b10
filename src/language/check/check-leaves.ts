// What is right or wrong wherever it stands: `$names` known, regular expressions linear, expressions taken by JSONata.
import { compileRegex } from "../../expression/regex/regex.ts";
import type { Item } from "../tree/ast.ts";
import type { ExpressionNode, PatNode, PatternNode, ValueNode } from "../tree/ast-values.ts";
import { checkBoundFields } from "./check-bound-fields.ts";
import { checkVariable } from "./check-names.ts";
import { checkWhere } from "./check-where.ts";
import { visitItem } from "../leaves.ts";
import { error } from "../report.ts";
import { expressionOf, spanOfVariable, type Scope } from "../scope.ts";

export function checkLeaves(item: Item, scope: Scope): void {
  checkWhere(item, scope);
  visitItem(item, {
    pattern: (pattern) => {
      const help = isOfRedact(pattern, item) ? GROUPS_HELP : LOOK_AROUND_HELP;
      for (const part of pattern.parts) checkPart(part, help, scope);
    },
    value: (value) => checkValue(value, scope),
    expression: (expression) => checkExpression(expression, scope),
  });
}

function isOfRedact(pattern: PatternNode, item: Item): boolean {
  return item.kind === "rule" && item.actions.some((action) => action.kind === "redact" && action.pattern === pattern);
}

function checkPart(part: PatNode, lookAroundHelp: string, scope: Scope): void {
  if (part.kind === "regex") checkRegex(part, lookAroundHelp, scope);
  if (part.kind !== "variable" || !checkVariable(part.name, part.span, scope)) return;
  const known = scope.lets.get(part.name);
  if (
    known?.kind !== "expression" &&
    !(known?.kind === "value" && typeof known.value === "object" && !Array.isArray(known.value))
  )
    return;
  const what = known.kind === "expression" ? "an expression" : "JSON";
  scope.report(error("MR403", part.span, `\`$${part.name}\` holds ${what}, and a pattern is needed here`));
}

const LOOK_AROUND_HELP =
  "match the whole and take out what is not meant: `with PATH /…/` and `except with PATH /…/`, each without look-around";

/** In the place of what a `redact` finds, its groups can be written again. */
const GROUPS_HELP =
  'put what stays into a group, and write it again: `/(card: )\\d+/ as "$1***"`; what is written must not be found again';

function checkRegex(part: PatNode & { kind: "regex" }, lookAroundHelp: string, scope: Scope): void {
  const compiled = compileRegex(part.source, part.flags);
  if (compiled.kind === "regex") return;
  const start = part.span.start + 1 + compiled.offset;
  const span = { ...part.span, start, end: Math.min(part.span.end, start + 1) };
  const help = compiled.message.startsWith("look-around") ? lookAroundHelp : undefined;
  scope.report(error("MR402", span, compiled.message, help));
}

function checkValue(value: ValueNode, scope: Scope): void {
  if (value.kind !== "variable" || !checkVariable(value.name, value.span, scope)) return;
  const known = scope.lets.get(value.name);
  if (known?.kind !== "pattern" || known.value !== undefined) return;
  scope.report(error("MR403", value.span, `\`$${value.name}\` holds a regular expression, and a value is needed here`));
}

function checkExpression(node: ExpressionNode, scope: Scope): void {
  const expression = expressionOf(node, scope);
  for (const { offset, length, message, help } of scope.compiled.get(node.source)?.vain ?? []) {
    const start = node.span.start + offset;
    scope.report(error("MR401", { ...node.span, start, end: start + length }, message, help));
  }
  checkBoundFields(node, scope);
  for (const name of expression?.variables ?? []) {
    const known = scope.lets.get(name);
    if (known?.kind !== "pattern" || known.value !== undefined) continue;
    const span = spanOfVariable(name, node);
    scope.report(
      error(
        "MR403",
        span,
        `\`$${name}\` holds a regular expression, which JSONata cannot use`,
        "write it here as JSONata's own: `$match(text, /…/)`",
      ),
    );
  }
}
