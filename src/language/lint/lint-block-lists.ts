// Lints of what is closed one by one under `default allow`: paths, and addresses of one's own network.
import { kindOfGlob } from "../../expression/glob/glob-kind.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { PatternNode, Written } from "../tree/ast-values.ts";
import type { CompiledClause, CompiledHead, CompiledPolicy, CompiledRule } from "../compiled-policy.ts";
import { asCalls, mayMeet } from "../heads-meet.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";
import { arePaths } from "./kinds-of-fields.ts";

/** Paths and addresses can be written in many ways and reached by many roads: what is closed is never complete. */
export function lintBlockLists(rule: RuleItem, compiled: CompiledRule, policy: CompiledPolicy, scope: Scope): void {
  const isOpen = policy.defaults.some((one) => one.head === undefined && one.verdict === "allow");
  if (!isOpen || !rule.actions.some((action) => action.kind === "block")) return;
  const head = asCalls(compiled.head);
  if (policy.defaults.some((one) => one.verdict === "block" && isMet(head, one.head))) return;
  for (const clause of rule.head.clauses) {
    if (clause.kind !== "with") continue;
    for (const { test, paths } of clause.conditions) {
      if (test?.kind !== "matches" || paths.every(({ text }) => isFenced(text, head, policy))) continue;
      lintClosed(test.pattern, paths, scope);
    }
  }
}

function isMet(head: CompiledHead, other: CompiledHead | undefined): boolean {
  return other !== undefined && mayMeet(head, asCalls(other));
}

/** Another rule says what is open: this one takes out of it. */
function isFenced(field: string, head: CompiledHead, { rules }: CompiledPolicy): boolean {
  return rules.some(
    (rule) =>
      rule.stage.kind === "enforced" &&
      rule.verdicts.some(({ kind }) => kind === "block") &&
      rule.head.excepts.some((group) => group.some((clause) => isAbout(clause, field))) &&
      isMet(head, rule.head),
  );
}

function isAbout(clause: CompiledClause, field: string): boolean {
  return clause.kind === "with" && clause.all.some(({ anyOf }) => anyOf.some(({ text }) => text === field));
}

function lintClosed(pattern: PatternNode, fields: readonly Written[], scope: Scope): void {
  const globs = patternParts(pattern, scope).flatMap((part) => (part.kind === "glob" ? [part.text] : []));
  const inside = globs.filter((text) => kindOfGlob(text) === "url" && INSIDE.test(text));
  if (arePaths(fields) && globs.some((text) => /^[/~].*\//.test(text))) {
    const help = 'fence instead: `except with PATH "/what/is/open/**"` and `block`';
    scope.report(warning("MR565", pattern.span, "a list of closed paths is never complete", help));
  } else if (inside.length > 0) {
    const narrow = inside.find((text) => NARROW.test(text));
    const whole = narrow === undefined ? "" : `; and \`*\` covers no port and one segment only: ${wholeOf(narrow)}`;
    const help = `fence instead: \`except with PATH "https://what.is.open/**"\` and \`block\`${whole}`;
    scope.report(warning("MR565", pattern.span, "a list of closed addresses is never complete", help));
  }
}

/** Each of these has many names: numbers, names that lead there, IPv6. */
const INSIDE = /^[a-z*]+:\/\/(?:localhost|\d|\[|metadata\b)/i;

/** One star at the end, of the host or of a path. */
const NARROW = /^[^:]+:\/\/[^/]*\*$|[^*]\*$/;

function wholeOf(glob: string): string {
  return /^[^:]+:\/\/[^/]*$/.test(glob) ? `"${glob}/**"` : `"${glob}*"`;
}
