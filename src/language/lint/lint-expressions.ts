// Lints of expressions that hide what they ask: those that are conditions, and negations that doubt slips through.
import { parsePath } from "../../expression/path.ts";
import { isVerdict } from "../compile/compile-rule.ts";
import { reachOfHead } from "../reach.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { ExpressionNode } from "../tree/ast-values.ts";
import { misreadsIn, type Evidence } from "./misread-body.ts";

export function lintExpressions(rule: RuleItem, evidence: Evidence, scope: Scope): void {
  const clauses = [...rule.head.clauses, ...rule.head.excepts.flatMap((group) => group.clauses)];
  const expressions = clauses.flatMap((clause) => (clause.kind === "where" ? [clause.expression] : []));
  if (expressions.length === 0) return;
  const reached = reachOfHead(rule.head);
  const hasVerdict = rule.actions.some(isVerdict);
  for (const node of expressions) {
    // As a condition it would be just as wrong, or mean something else.
    if (misreadsIn(node, reached, evidence, scope).length > 0) continue;
    lintPlain(node, scope);
    if (hasVerdict) lintNegation(node, scope);
  }
}

const PLAIN = /^\(\s*([A-Za-z_][\w.]*)\s*=\s*("[^"\\]*"|-?\d+(?:\.\d+)?|true|false)\s*\)$/;

function lintPlain(node: ExpressionNode, scope: Scope): void {
  const [, path = "", value = ""] = PLAIN.exec(node.source) ?? [];
  if (path === "" || parsePath(path).absolute) return;
  const help = `write \`with ${path} = ${value}\`: it is faster, and doubt is told from no`;
  scope.report(warning("MR566", node.span, "this expression is a condition", help));
}

function lintNegation(node: ExpressionNode, scope: Scope): void {
  const negated = /!=|\$not\((?!\$exists\()|\sin\s/.exec(node.source);
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
