// What a `where` asks is an expression over the message, and no text in quotes: that would always be true.
import type { Item } from "../tree/ast.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

export function checkWhere(item: Item, scope: Scope): void {
  if (item.kind === "let" || item.kind === "test" || item.head === undefined) return;
  const clauses = [...item.head.clauses, ...item.head.excepts.flatMap((group) => group.clauses)];
  for (const clause of clauses) {
    if (clause.kind !== "where" || !TEXT.test(clause.expression.source)) continue;
    const help = "leave the quotes around it out";
    scope.report(error("MR401", clause.expression.span, "a text asks nothing of the message", help));
  }
}

const TEXT = /^\(\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)$/;
