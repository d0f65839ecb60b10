// Lints of expressions that start from another value than their author thinks: `$` is the natural body, or what is rewritten.
import { parsePath } from "../../expression/path.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { ClauseNode } from "../tree/ast-heads.ts";
import type { ExpressionNode } from "../tree/ast-values.ts";
import { reachOfHead, startsInArguments, type Reached } from "../reach.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";
import { misreadsIn, type Evidence } from "./misread-body.ts";

export function lintContexts(rule: RuleItem, evidence: Evidence, scope: Scope): void {
  const expressions = [...rule.head.clauses, ...rule.head.excepts.flatMap(({ clauses }) => clauses)].flatMap(ofClause);
  for (const action of rule.actions) {
    if ((action.kind === "set" || action.kind === "add") && action.value.kind === "expression")
      expressions.push(action.value.expression);
    if (action.kind === "rewrite") lintRewrite(action.path.text, action.expression, scope);
  }
  if (expressions.length === 0) return;
  const reached = reachOfHead(rule.head);
  for (const expression of expressions) lintBody(expression, reached, evidence, scope);
}

function ofClause(clause: ClauseNode): ExpressionNode[] {
  return clause.kind === "where" ? [clause.expression] : [];
}

/** `(params.x)`, `(user.id)`: the body itself has no such field. */
function lintBody(node: ExpressionNode, reached: readonly Reached[], evidence: Evidence, scope: Scope): void {
  const isInArguments = reached.every(startsInArguments);
  for (const { mention, word, help } of misreadsIn(node, reached, evidence, scope)) {
    const start = node.span.start + mention.offset;
    const span = { ...node.span, start, end: start + mention.length };
    const means = isInArguments ? "looks for an argument called so" : "would be a field of the body here";
    scope.report(warning("MR570", span, `\`${word}\` ${means}`, help));
  }
}

/** `rewrite content (content.text)`: the value of `content` is `$`. */
function lintRewrite(path: string, node: ExpressionNode, scope: Scope): void {
  const last = parsePath(path).steps.findLast((step) => step.kind === "member");
  const reads = scope.compiled.get(node.source)?.expression?.reads ?? [];
  if (last?.kind !== "member" || !reads.includes(last.key) || isAlone(last.key, node)) return;
  const help = `the value of \`${path}\` itself is \`$\``;
  report(node, last.key, `\`${last.key}\` would be a field of what \`${path}\` holds`, help, scope);
}

/** `rewrite structuredContent.result (result)`: nobody writes a field as itself, so it is unwrapped. */
function isAlone(word: string, { source }: ExpressionNode): boolean {
  return source.replace(/[()\s]/g, "") === word;
}

function report(node: ExpressionNode, word: string, message: string, help: string, scope: Scope): void {
  const at = node.source.search(new RegExp(`(?<![\\w$."'])${word}(?!\\w)`));
  const start = node.span.start + Math.max(0, at);
  const end = at === -1 ? node.span.end : start + word.length;
  scope.report(warning("MR570", { ...node.span, start, end }, message, help));
}
