// Lints of what opens doors: `allow` and `except` that hang on what others say of themselves, or on half a name.
import { matchesWholeOnly } from "../../expression/regex/regex-anchors.ts";
import type { Item, RuleItem } from "../tree/ast.ts";
import type { ClauseNode, TargetNode } from "../tree/ast-heads.ts";
import type { ConditionNode, PatternNode } from "../tree/ast-values.ts";
import { kindOfGlob } from "../../expression/glob/glob-kind.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";
import { groupsThatOpen, takesAway } from "../opening.ts";
import { arePaths } from "./kinds-of-fields.ts";
import { folderOf, type Folder } from "./path-regex.ts";

export function lintAccess(rule: RuleItem, scope: Scope): void {
  const isAllow = rule.actions.some((action) => action.kind === "allow");
  for (const clauses of groupsThatOpen(rule)) lintOpening(clauses, scope);
  if (takesAway(rule) && !rule.head.targets.some((target) => isOfSeveral(target, scope)))
    for (const clause of rule.head.excepts.flatMap((group) => group.clauses)) lintExcused(clause, scope);
  if (!isAllow) return;
  for (const target of rule.head.targets) lintAllowed(target, rule, scope);
  for (const clause of rule.head.clauses) if (clause.kind === "with") lintAnnotations(clause, rule, scope);
}

/** An exception opens what its rules close. */
export function lintExceptions(items: readonly Item[], scope: Scope): void {
  for (const item of items)
    if (item.kind === "exception") for (const clauses of groupsThatOpen(item)) lintOpening(clauses, scope);
}

/** Things that are named one by one may each have one of the fields. */
function isOfSeveral(target: TargetNode, scope: Scope): boolean {
  const parts = target.kind === "any" || target.pattern === undefined ? [] : patternParts(target.pattern, scope);
  return parts.length > 1 && parts.every((part) => part.kind === "glob" && !/[*?]/.test(part.text));
}

/** `except with path or paths "/srv/**"`: a good `path` excuses whatever stands in `paths`. */
function lintExcused(clause: ClauseNode, scope: Scope): void {
  if (clause.kind !== "with") return;
  for (const { paths, test, span } of clause.conditions) {
    const [one, other] = paths;
    if (one === undefined || other === undefined || test === undefined) continue;
    const message = `\`${one.text}\` alone excuses what stands in \`${other.text}\`, and the other way round`;
    const help = `make it a rule for each: \`with ${one.text}\` and \`except with ${one.text} …\``;
    scope.report(warning("MR578", span, message, help));
  }
}

/** Clauses by all of which something is let through. */
function lintOpening(clauses: readonly ClauseNode[], scope: Scope): void {
  const conditions = clauses.flatMap((clause) => (clause.kind === "with" ? clause.conditions : []));
  for (const clause of clauses) {
    if (clause.kind === "for" && clause.principal === "client") {
      const help = "a client calls itself what it likes: use `for user`, `for group` or `for profile`";
      scope.report(warning("MR560", clause.span, "access hangs on what the client calls itself", help));
    }
    if (clause.kind === "on" || clause.kind === "for") lintAnchors(clause.pattern, scope);
  }
  for (const condition of conditions) {
    const { test } = condition;
    if (test?.kind !== "matches") continue;
    const isFenced = conditions.some((other) => isFenceOf(other, condition, scope));
    const fields = arePaths(condition.paths) ? condition.paths : [];
    const [field] = fields;
    if (isFenced || field === undefined || !lintPathRegexes(test.pattern, field.text, scope))
      lintAnchors(test.pattern, scope);
  }
}

/** A glob on the same field: what the regular expression lets through is still judged as a path. */
function isFenceOf({ paths, test }: ConditionNode, condition: ConditionNode, scope: Scope): boolean {
  const [path, another] = paths;
  if (another !== undefined || test?.kind !== "matches") return false;
  const parts = patternParts(test.pattern, scope);
  const isGlob = parts.length > 0 && parts.every((part) => part.kind === "glob" && kindOfGlob(part.text) === "path");
  return isGlob && condition.paths.every(({ text }) => text === path?.text);
}

/** Whether there was something to say: then anchors would not help. */
function lintPathRegexes(pattern: PatternNode, field: string | undefined, scope: Scope): boolean {
  const found = pattern.parts.flatMap((part) => {
    const folders = patternParts({ parts: [part], span: part.span }, scope).flatMap((one) =>
      one.kind === "regex" ? (folderOf(one.source, one.flags) ?? []) : [],
    );
    return folders.slice(0, 1).map((folder) => ({ folder, span: part.span }));
  });
  for (const { folder, span } of found) {
    const message = "a regular expression sees `..`, `%2e` and `\\` as they are written";
    scope.report(warning("MR579", span, message, helpFor(folder, field)));
  }
  return found.length > 0;
}

/** A glob alone would open more than an expression that asks for more than the folder. */
function helpFor({ glob, isAll }: Folder, field: string | undefined): string {
  if (isAll) return `write the glob "${glob}": it sees the path that is meant`;
  return field === undefined
    ? `a glob sees the path that is meant: of this folder it begins with "${glob.slice(0, -2)}"`
    : `ask a glob as well: \`with ${field} "${glob}" and ${field} /…/\``;
}

/** A regular expression searches: without `^` and `$` it is enough that a part of the value matches. */
function lintAnchors(pattern: PatternNode, scope: Scope): void {
  for (const part of pattern.parts) {
    const loose = patternParts({ parts: [part], span: part.span }, scope).find(
      (one) => one.kind === "regex" && !matchesWholeOnly(one.source, one.flags),
    );
    if (loose === undefined) continue;
    scope.report(
      warning(
        "MR561",
        part.span,
        "access hangs on a part of the value: this regular expression only searches",
        "write `^` before and `$` behind it",
      ),
    );
  }
}

function lintAllowed(target: TargetNode, rule: RuleItem, scope: Scope): void {
  const pattern = target.kind === "any" ? undefined : target.pattern;
  if (pattern === undefined) return;
  const isResource = target.kind === "thing" ? target.thing === "resource" : methodOf(target).startsWith("resources/");
  if (!isResource || !lintPathRegexes(pattern, undefined, scope)) lintAnchors(pattern, scope);
  const isEvery = patternParts(pattern, scope).some((part) => part.kind === "glob" && /^\*+$/.test(part.text));
  const isOnOne = rule.head.clauses.some((clause) => clause.kind === "on") || scope.servers?.length === 1;
  if (isEvery || isOnOne) return;
  scope.report(
    warning("MR562", pattern.span, "any server may offer something of this name", "say of which server: `on NAME`"),
  );
}

function methodOf(target: TargetNode): string {
  return target.kind === "method" ? target.method.text : "";
}

/** `destructiveHint` and its like are what the server says of its own tools. */
function lintAnnotations(clause: ClauseNode & { kind: "with" }, rule: RuleItem, scope: Scope): void {
  if (!rule.head.targets.some((target) => target.kind === "thing")) return;
  for (const path of clause.conditions.flatMap((condition) => condition.paths)) {
    if (!path.text.startsWith("annotations.")) continue;
    scope.report(
      warning(
        "MR563",
        path.span,
        "access hangs on what the server says of its own tools",
        "name the tools that may be called, or block by annotation",
      ),
    );
  }
}
