// Lints of patterns in heads: signs of other pattern languages, and texts that `containing` does not look for within others.
import { kindOfGlob } from "../../expression/glob/glob-kind.ts";
import type { Item } from "../tree/ast.ts";
import type { ClauseNode, HeadNode, TargetNode } from "../tree/ast-heads.ts";
import type { PatternNode } from "../tree/ast-values.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";
import { letInText, signInName, signInValue, type Sign } from "./foreign-patterns.ts";

export function lintPatterns(items: readonly Item[], scope: Scope): void {
  for (const item of items) {
    if (item.kind === "let" || item.kind === "test" || item.head === undefined) continue;
    lintHead(item.head, scope);
  }
}

function lintHead({ targets, clauses, excepts }: HeadNode, scope: Scope): void {
  for (const target of targets) lintTarget(target, scope);
  for (const clause of [...clauses, ...excepts.flatMap((group) => group.clauses)]) lintClause(clause, scope);
}

function lintTarget(target: TargetNode, scope: Scope): void {
  if (target.kind === "any" || target.pattern === undefined) return;
  const isTool = target.kind === "thing" ? target.thing === "tool" : target.method.text === "tools/call";
  lintSigns(target.pattern, isTool ? signInName : signInValue, scope);
}

function lintClause(clause: ClauseNode, scope: Scope): void {
  switch (clause.kind) {
    case "on":
      return lintSigns(clause.pattern, signInName, scope);
    case "with":
      for (const { test } of clause.conditions) {
        if (test?.kind === "matches") lintSigns(test.pattern, signInValue, scope);
      }
      return;
    case "containing":
      lintSigns(clause.pattern, signInValue, scope);
      return lintContaining(clause.pattern, scope);
    case "for":
    case "from":
    case "without":
    case "where":
  }
}

function lintSigns(pattern: PatternNode, signIn: (text: string) => Sign | undefined, scope: Scope): void {
  for (const part of pattern.parts) {
    if (part.kind !== "glob" || !part.isQuoted) continue;
    const found = letInText(part.text, scope.lets) ?? signIn(part.text);
    if (found === undefined) continue;
    scope.report(warning("MR580", part.span, `\`${found.sign}\` stands for itself in this pattern`, found.help));
  }
}

/** A path is asked for as a whole wherever it stands; of other texts, mostly a part is meant. */
function lintContaining(pattern: PatternNode, scope: Scope): void {
  for (const part of pattern.parts) {
    const whole = patternParts({ parts: [part], span: part.span }, scope).find(
      (one) => one.kind === "glob" && !/[*?]/.test(one.text) && kindOfGlob(one.text) === "plain",
    );
    if (whole?.kind !== "glob") continue;
    const message = `only a text that is exactly \`${whole.text}\` is found by this`;
    scope.report(warning("MR590", part.span, message, `within others it is \`"**${whole.text}**"\``));
  }
}
