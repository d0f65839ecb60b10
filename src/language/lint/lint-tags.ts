// Lints of tags: some that a rule looks for and none gives, and some that are gone by then.
import type { RuleItem } from "../tree/ast.ts";
import type { ConditionNode, PatNode, Written } from "../tree/ast-values.ts";
import type { Pattern } from "../../expression/pattern.ts";
import { nearest } from "../../source/nearest.ts";
import { reachOfHead, type Reached } from "../reach.ts";
import { warning } from "../report.ts";
import { patternOf, patternParts, type Scope } from "../scope.ts";

export function lintTags(rules: readonly RuleItem[], scope: Scope): void {
  const given = new Map<string, boolean>();
  for (const { name, isLasting } of rules.flatMap(givenBy)) given.set(name, isLasting || given.get(name) === true);
  for (const rule of rules) {
    const clauses = [...rule.head.clauses, ...rule.head.excepts.flatMap((group) => group.clauses)];
    const conditions = clauses.flatMap((clause) => (clause.kind === "with" ? clause.conditions : []));
    for (const condition of conditions) {
      lintCondition(condition, rule, given, scope);
      lintField(condition, given, scope);
    }
    for (const clause of clauses)
      if (clause.kind === "without" && clause.path.text === "tag" && given.size > 0) warnOfField(clause.path, scope);
  }
}

interface GivenTag {
  readonly name: string;
  readonly isLasting: boolean;
}

/** By name: whether some rule makes it last. */
type GivenTags = ReadonlyMap<string, boolean>;

function givenBy(rule: RuleItem): readonly GivenTag[] {
  return rule.actions.flatMap((action) =>
    action.kind === "tag"
      ? action.names.map(({ text }) => ({ name: text, isLasting: action.lasting !== undefined }))
      : [],
  );
}

function lintCondition({ paths, test }: ConditionNode, rule: RuleItem, given: GivenTags, scope: Scope): void {
  if (test?.kind !== "matches" || !paths.every(({ text }) => /^tags(?:\[\*\])?$/.test(text))) return;
  for (const part of test.pattern.parts) lintPart(part, rule, given, scope);
}

/** `with tag secrets`: a field of the message, and not what was noted of it. */
function lintField({ paths, test }: ConditionNode, given: GivenTags, scope: Scope): void {
  const path = paths.find(({ text }) => text === "tag");
  if (path === undefined || test?.kind !== "matches") return;
  const isTag = patternParts(test.pattern, scope).some(
    (part) => part.kind === "glob" && (given.has(part.text) || nearest(part.text, given.keys()) !== undefined),
  );
  if (isTag) warnOfField(path, scope);
}

function warnOfField({ span }: Written, scope: Scope): void {
  const help = "did you mean `tags`? a field of the message of that name has its whole path: `params.arguments.tag`";
  scope.report(warning("MR570", span, "`tag` looks for a field of the message called so", help));
}

function lintPart(part: PatNode, rule: RuleItem, given: GivenTags, scope: Scope): void {
  const pattern = patternOf(patternParts({ parts: [part], span: part.span }, scope), scope);
  const exact = given.get(pattern.text);
  const fitting = exact === undefined ? lastingOf(given, pattern) : [exact];
  if (fitting.length === 0) {
    const close = nearest(pattern.text, given.keys());
    const help = close === undefined ? "`tag NAME` in another rule gives one" : `did you mean \`${close}\`?`;
    scope.report(warning("MR586", part.span, `no rule gives a tag \`${pattern.text}\``, help));
    return;
  }
  if (fitting.includes(true) || !reachOfHead(rule.head).every(isFirst)) return;
  const help = "it holds for the call that it is on, and is seen beside its reply; `tag NAME for 1h by user` lasts";
  scope.report(warning("MR587", part.span, `\`${pattern.text}\` is gone before another call is looked at`, help));
}

function lastingOf(given: GivenTags, pattern: Pattern): readonly boolean[] {
  return [...given].flatMap(([name, isLasting]) => (pattern.matchesName(name) === "yes" ? [isLasting] : []));
}

/** With it a call begins: nothing has been noted of it before. */
function isFirst(reached: Reached): boolean {
  return reached.kind === "message" && reached.phase === "request" && reached.method.from === "client";
}
