// Lints of conditions on one field that cannot hold at once, and of exceptions that another one holds already.
import { kindOfGlob } from "../../expression/glob/glob-kind.ts";
import type { Pattern } from "../../expression/pattern.ts";
import { isWithin, mayOverlap } from "../../expression/pattern-algebra.ts";
import type { Item } from "../tree/ast.ts";
import type { ClauseNode } from "../tree/ast-heads.ts";
import type { ConditionNode } from "../tree/ast-values.ts";
import { alsoAt, warning } from "../report.ts";
import { literalOf, patternOf, patternParts, type Scope } from "../scope.ts";
import { groupsThatOpen } from "../opening.ts";

export function lintContradictions(items: readonly Item[], scope: Scope): void {
  for (const item of items) {
    if (item.kind === "let" || item.kind === "test" || item.head === undefined) continue;
    const excepts = item.head.excepts.map(({ clauses }) => clauses);
    const opening = groupsThatOpen(item);
    for (const group of [item.head.clauses, ...excepts]) lintGroup(group, opening.includes(group), scope);
    lintExcepts(excepts, scope);
  }
}

function lintGroup(clauses: readonly ClauseNode[], isOpening: boolean, scope: Scope): void {
  const before: ConditionNode[] = [];
  for (const condition of conditionsOf(clauses)) {
    const other = before.find((one) => areApart(one, condition, isOpening, scope));
    before.push(condition);
    if (other === undefined) continue;
    const message = `\`${pathOf(condition)}\` is never both`;
    const help = isOpening
      ? helpForOpening(other, condition)
      : "alternatives are joined by `|`, or are rules of their own";
    scope.report(alsoAt(warning("MR555", condition.span, message, help), other.span, "and this"));
  }
}

/** Alternatives would open more than both: of a list, both can be there. */
function helpForOpening(one: ConditionNode, other: ConditionNode): string {
  const texts = [one, other].flatMap(({ test }) => (test?.kind === "matches" ? test.pattern.parts : []));
  const names = texts.flatMap((part) => (part.kind === "glob" && kindOfGlob(part.text) === "plain" ? [part.text] : []));
  const path = pathOf(one);
  if (texts.length !== 2 || names.length !== 2 || names.some((name) => /[*?]/.test(name)) || !/^[a-z]\w*$/i.test(path))
    return "this never holds, and opens nothing";
  const both = names.map((name) => `${JSON.stringify(name)} in ${path}`).join(" and ");
  return `this never holds; of a list, both are asked by \`where (${both})\``;
}

/** Each of one field. Tags and groups are many at once. */
function conditionsOf(clauses: readonly ClauseNode[]): readonly ConditionNode[] {
  const conditions = clauses.flatMap((clause) => (clause.kind === "with" ? clause.conditions : []));
  return conditions.filter((one) => one.paths.length === 1 && !/^(?:tags|user)\b/.test(pathOf(one)));
}

function pathOf({ paths: [path] }: ConditionNode): string {
  return path?.text ?? "";
}

/** A list of which some entries match is in doubt, and doubt blocks: only where doubt opens nothing is it certain of texts. */
function areApart(one: ConditionNode, other: ConditionNode, isOpening: boolean, scope: Scope): boolean {
  if (pathOf(one) !== pathOf(other)) return false;
  const [range, another] = [rangeOf(one, scope), rangeOf(other, scope)];
  if (range !== undefined && another !== undefined) return isEmpty(range, another);
  const [pattern, second] = [patternIn(one, scope), patternIn(other, scope)];
  return isOpening && pattern !== undefined && second !== undefined && !mayOverlap(pattern, second);
}

interface Range {
  readonly low: number;
  readonly high: number;
  /** Its ends are not in it. */
  readonly isOpen: boolean;
}

function rangeOf({ test }: ConditionNode, scope: Scope): Range | undefined {
  const value = test?.kind === "compares" ? literalOf(test.value, scope) : undefined;
  if (test?.kind !== "compares" || typeof value !== "number") return undefined;
  switch (test.comparison) {
    case "=":
      return { low: value, high: value, isOpen: false };
    case "<":
    case "<=":
      return { low: -Infinity, high: value, isOpen: test.comparison === "<" };
    case ">":
    case ">=":
      return { low: value, high: Infinity, isOpen: test.comparison === ">" };
    case "!=":
      return undefined;
  }
}

function isEmpty(one: Range, other: Range): boolean {
  const low = Math.max(one.low, other.low);
  const high = Math.min(one.high, other.high);
  return low > high || (low === high && (one.isOpen || other.isOpen));
}

function patternIn({ test }: ConditionNode, scope: Scope): Pattern | undefined {
  if (test?.kind === "matches") return patternOf(patternParts(test.pattern, scope), scope);
  return undefined;
}

/** `except with path "/srv/**"`, and another one with `"/srv/a/**"`. */
function lintExcepts(excepts: readonly (readonly ClauseNode[])[], scope: Scope): void {
  const only = excepts.map((clauses) => (clauses.length === 1 ? conditionsOf(clauses) : []));
  const single = only.flatMap((conditions) => (conditions.length === 1 ? conditions : []));
  for (const [index, condition] of single.entries()) {
    const inner = patternIn(condition, scope);
    const other = single.slice(0, index).find((one) => {
      const outer = pathOf(one) === pathOf(condition) ? patternIn(one, scope) : undefined;
      return inner !== undefined && outer !== undefined && isWithin(inner, outer);
    });
    if (other === undefined) continue;
    const message = "the `except` above takes this out already";
    const help = "what stays closed inside of it is a rule of its own: `with …` and `block`";
    scope.report(alsoAt(warning("MR555", condition.span, message, help), other.span, "this one"));
  }
}
