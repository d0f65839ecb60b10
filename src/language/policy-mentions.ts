// What a policy mentions here and there: servers by their names, and the tags that its rules look at.
import type { Item } from "./tree/ast.ts";
import type { ClauseNode, HeadNode } from "./tree/ast-heads.ts";
import type { ConditionNode, PatternNode, Written } from "./tree/ast-values.ts";
import { expressionOf, patternParts, type Scope } from "./scope.ts";

/** Literal names in `on`, each once, in the order they come. */
export function serversNamed(items: readonly Item[], scope: Scope): readonly string[] {
  const patterns = clausesOf(items).flatMap((clause) => (clause.kind === "on" ? [clause.pattern] : []));
  return [...new Set(patterns.flatMap((pattern) => literalsOf(pattern, scope)))];
}

/** Tags that some rule looks at. Where that cannot be told (`read_*`, `$tags`), all that are written. */
export function tagsRead(items: readonly Item[], scope: Scope): readonly string[] {
  const read = new Set<string>();
  for (const clause of clausesOf(items)) {
    if (clause.kind === "with") for (const condition of clause.conditions) addTagsOf(condition, items, scope, read);
    if (clause.kind === "without" && isTags(clause.path)) addAll(items, read);
    if (clause.kind === "where" && expressionOf(clause.expression, scope)?.variables.includes("tags") === true)
      addAll(items, read);
  }
  return [...read];
}

/** The clauses of every head, those of `except` groups included. */
function clausesOf(items: readonly Item[]): readonly ClauseNode[] {
  return headsOf(items).flatMap((head) => head.clauses.concat(head.excepts.flatMap((group) => group.clauses)));
}

function headsOf(items: readonly Item[]): readonly HeadNode[] {
  return items.flatMap((item) =>
    item.kind === "let" || item.kind === "test" || item.head === undefined ? [] : [item.head],
  );
}

/** Texts without a wildcard. */
function literalsOf(pattern: PatternNode, scope: Scope): readonly string[] {
  return patternParts(pattern, scope).flatMap((part) =>
    part.kind === "glob" && !/[*?]/.test(part.text) ? [part.text] : [],
  );
}

function addTagsOf(condition: ConditionNode, items: readonly Item[], scope: Scope, read: Set<string>): void {
  if (!condition.paths.some(isTags)) return;
  const { test } = condition;
  const literals = test?.kind === "matches" ? literalsOf(test.pattern, scope) : [];
  const isLiteral = test?.kind === "matches" && literals.length === patternParts(test.pattern, scope).length;
  if (isLiteral) for (const name of literals) read.add(name);
  else addAll(items, read);
}

function isTags({ text }: Written): boolean {
  return /^tags(?:$|\[)/.test(text);
}

function addAll(items: readonly Item[], read: Set<string>): void {
  const actions = items.flatMap((item) => (item.kind === "rule" ? item.actions : []));
  for (const action of actions) {
    if (action.kind === "tag") for (const name of action.names) read.add(name.text);
  }
}
