// Lints of what is closed one by one under `default allow`: paths, and addresses of one's own network.
import { kindOfGlob } from "../../expression/glob/glob-kind.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { PatternNode, Written } from "../tree/ast-values.ts";
import type { CompiledClause, CompiledHead, CompiledPolicy } from "../compiled-policy.ts";
import { asCalls, mayMeet } from "../heads-meet.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";
import { arePaths } from "./kinds-of-fields.ts";

/** Paths and addresses can be written in many ways and reached by many roads: what is closed is never complete. */
export function lintBlockLists(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  if (!policy.defaults.some((one) => one.head === undefined && one.verdict === "allow")) return;
  const closed = policy.defaults.flatMap(({ head, verdict }) => (head && verdict === "block" ? [asCalls(head)] : []));
  const fences = new Fences(policy);
  for (const [index, rule] of rules.entries()) {
    const compiled = policy.rules[index];
    if (compiled === undefined || !rule.actions.some((action) => action.kind === "block")) continue;
    const head = asCalls(compiled.head);
    if (!closed.some((other) => mayMeet(head, other))) lintRule(rule, head, { fences, scope });
  }
}

function lintRule(rule: RuleItem, head: CompiledHead, { fences, scope }: { fences: Fences; scope: Scope }): void {
  for (const clause of rule.head.clauses) {
    if (clause.kind !== "with") continue;
    for (const { test, paths } of clause.conditions) {
      const warned = test?.kind === "matches" ? warningOf(test.pattern, paths, scope) : undefined;
      if (warned !== undefined && !paths.every(({ text }) => fences.isFenced(text, head))) scope.report(warned);
    }
  }
}

/** Rules that say what is open: another takes out of that. By the field, since there may be thousands. */
class Fences {
  private readonly byField = new Map<string, CompiledHead[]>();

  constructor({ rules }: CompiledPolicy) {
    for (const { stage, verdicts, head } of rules) {
      if (stage.kind !== "enforced" || !verdicts.some(({ kind }) => kind === "block")) continue;
      for (const field of new Set(head.excepts.flat().flatMap(fieldsOf))) {
        const heads = this.byField.get(field) ?? [];
        heads.push(asCalls(head));
        this.byField.set(field, heads);
      }
    }
  }

  isFenced(field: string, head: CompiledHead): boolean {
    return this.byField.get(field)?.some((other) => mayMeet(head, other)) ?? false;
  }
}

function fieldsOf(clause: CompiledClause): readonly string[] {
  return clause.kind === "with" ? clause.all.flatMap(({ anyOf }) => anyOf.map(({ text }) => text)) : [];
}

function warningOf(pattern: PatternNode, fields: readonly Written[], scope: Scope): Diagnostic | undefined {
  const globs = patternParts(pattern, scope).flatMap((part) => (part.kind === "glob" ? [part.text] : []));
  const inside = globs.filter((text) => kindOfGlob(text) === "url" && INSIDE.test(text));
  if (arePaths(fields) && globs.some((text) => /^[/~].*\//.test(text))) {
    const help = 'fence instead: `except with PATH "/what/is/open/**"` and `block`';
    return warning("MR565", pattern.span, "a list of closed paths is never complete", help);
  }
  if (inside.length === 0) return undefined;
  const narrow = inside.find((text) => NARROW.test(text));
  const whole = narrow === undefined ? "" : `; and \`*\` covers no port and one segment only: ${wholeOf(narrow)}`;
  const help = `fence instead: \`except with PATH "https://what.is.open/**"\` and \`block\`${whole}`;
  return warning("MR565", pattern.span, "a list of closed addresses is never complete", help);
}

/** Each of these has many names: numbers, names that lead there, IPv6. */
const INSIDE = /^[a-z*]+:\/\/(?:localhost|\d|\[|metadata\b)/i;

/** One star at the end, of the host or of a path. */
const NARROW = /^[^:]+:\/\/[^/]*\*$|[^*]\*$/;

function wholeOf(glob: string): string {
  return /^[^:]+:\/\/[^/]*$/.test(glob) ? `"${glob}/**"` : `"${glob}*"`;
}
