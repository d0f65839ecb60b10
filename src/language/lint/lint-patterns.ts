// Lints of patterns in heads: signs of other pattern languages, and texts that `containing` does not look for within others.
import { kindOfGlob } from "../../expression/glob/glob-kind.ts";
import type { DefaultItem, ExceptionItem, Item, RuleItem } from "../tree/ast.ts";
import type { ClauseNode, HeadNode, TargetNode } from "../tree/ast-heads.ts";
import type { PatternNode } from "../tree/ast-values.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";
import { mayBeForeign } from "./kinds-of-fields.ts";
import { letInText, signInName, signInValue, type Sign } from "./foreign-patterns.ts";

export function lintPatterns(items: readonly Item[], scope: Scope): void {
  for (const item of items) {
    if (item.kind === "let" || item.kind === "test" || item.head === undefined) continue;
    lintHead(item.head, scope);
    if (!mayOpen(item)) for (const clause of item.head.clauses) lintContaining(clause, scope);
  }
}

/** There, to find less is the careful side. */
function mayOpen(item: RuleItem | ExceptionItem | DefaultItem): boolean {
  if (item.kind === "default") return item.verdict === "allow";
  return item.kind === "exception" || item.actions.some((action) => action.kind === "allow");
}

function lintHead({ targets, clauses, excepts }: HeadNode, scope: Scope): void {
  for (const target of targets) lintTarget(target, scope);
  for (const clause of [...clauses, ...excepts.flatMap((group) => group.clauses)]) lintClause(clause, scope);
}

function lintTarget(target: TargetNode, scope: Scope): void {
  if (target.kind === "any" || target.pattern === undefined) return;
  const isTool = target.kind === "thing" ? target.thing === "tool" : target.method.text === "tools/call";
  lintSigns(target.pattern, isTool ? nameOrLet : signOrLet, scope);
}

function lintClause(clause: ClauseNode, scope: Scope): void {
  switch (clause.kind) {
    case "on":
      return lintSigns(clause.pattern, nameOrLet, scope);
    case "with":
      for (const { test, paths } of clause.conditions) {
        if (test?.kind === "matches" && !mayBeForeign(paths)) lintSigns(test.pattern, signOrLet, scope);
      }
      return;
    case "containing":
      return lintSigns(clause.pattern, signInValue, scope);
    case "for":
    case "from":
    case "without":
    case "where":
  }
}

function nameOrLet(text: string, { lets }: Scope): Sign | undefined {
  return letInText(text, lets) ?? signInName(text);
}

function signOrLet(text: string, { lets }: Scope): Sign | undefined {
  return letInText(text, lets) ?? signInValue(text);
}

function lintSigns(pattern: PatternNode, signIn: (text: string, scope: Scope) => Sign | undefined, scope: Scope): void {
  for (const part of pattern.parts) {
    if (part.kind !== "glob" || !part.isQuoted) continue;
    const found = signIn(part.text, scope);
    if (found === undefined) continue;
    scope.report(warning("MR580", part.span, `\`${found.sign}\` stands for itself in this pattern`, found.help));
  }
}

/** A path is asked for as a whole wherever it stands; of other texts, mostly a part is meant. */
function lintContaining(clause: ClauseNode, scope: Scope): void {
  if (clause.kind !== "containing") return;
  for (const part of clause.pattern.parts) {
    const whole = patternParts({ parts: [part], span: part.span }, scope).find(
      (one) => one.kind === "glob" && !/[*?]/.test(one.text) && isOfText(one.text),
    );
    if (whole?.kind !== "glob") continue;
    const message = `only a text that is exactly \`${whole.text}\` is found by this`;
    const exact = whole.text.replaceAll(/[.+^${}()|[\]\\/]/g, "\\$&");
    const help = `within others it is \`"**${whole.text}**"\`; where exactly this is meant, \`/^${exact}$/\``;
    scope.report(warning("MR590", part.span, message, help));
  }
}

/** Some words, or a mark such as `-----BEGIN`: one word, a variable or an address may well be the whole. */
function isOfText(text: string): boolean {
  return kindOfGlob(text) === "plain" && /\s|^[-#<=[]{2}/.test(text.trim()) && !/^\$|@/.test(text);
}
