// Lints of expressions that write lists: in JSONata, a list of one thing that was found is that thing.
import { parsePath } from "../../expression/path.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { ExpressionNode, Written } from "../tree/ast-values.ts";
import { fieldsAtPath } from "../check/known-fields.ts";
import { reachOfHead, type Reached } from "../reach.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";

/** Where MCP's schema says what is written, the engine puts it right. */
export function lintLists(rule: RuleItem, scope: Scope): void {
  for (const action of rule.actions) {
    const write = writeOf(action);
    if (write !== undefined) lintWrite(write, () => reachOfHead(rule.head), scope);
  }
}

interface Write {
  readonly path: string;
  readonly expression: ExpressionNode;
}

function writeOf(action: ActionNode): Write | undefined {
  if (action.kind === "rewrite") return written(action.path, action.expression);
  const isWrite = action.kind === "set" || action.kind === "supply";
  if (isWrite && action.value.kind === "expression") return written(action.path, action.value.expression);
  return undefined;
}

function written(path: Written, expression: ExpressionNode): Write {
  return { path: path.text, expression };
}

function lintWrite({ path, expression }: Write, reached: () => readonly Reached[], scope: Scope): void {
  for (const { offset, length, at } of scope.compiled.get(expression.source)?.expression?.collapses ?? []) {
    if (at !== undefined && reached().every((one) => isKnown(one, path, at))) continue;
    const start = expression.span.start + offset;
    const message = "of one thing found this is that thing and no list, and of none it is nothing";
    const help = "where a list is meant, write `[…]` around it";
    scope.report(warning("MR574", { ...expression.span, start, end: start + length }, message, help));
  }
}

function isKnown(reached: Reached, path: string, at: readonly string[]): boolean {
  const fields = fieldsAtPath(reached, parsePath(path), at);
  return fields !== undefined && fields.kind !== "any";
}
