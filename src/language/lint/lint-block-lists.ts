// Lints of what is closed one by one under `default allow`: paths, and addresses of one's own network.
import { kindOfGlob } from "../../expression/glob/glob-kind.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { PatternNode } from "../tree/ast-values.ts";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";

/** Paths and addresses can be written in many ways and reached by many roads: what is closed is never complete. */
export function lintBlockLists(rule: RuleItem, policy: CompiledPolicy, scope: Scope): void {
  const isOpen = policy.defaults.some((one) => one.head === undefined && one.verdict === "allow");
  if (!isOpen || !rule.actions.some((action) => action.kind === "block")) return;
  for (const clause of rule.head.clauses) {
    if (clause.kind !== "with") continue;
    for (const { test } of clause.conditions) if (test?.kind === "matches") lintClosed(test.pattern, scope);
  }
}

function lintClosed(pattern: PatternNode, scope: Scope): void {
  const globs = patternParts(pattern, scope).flatMap((part) => (part.kind === "glob" ? [part.text] : []));
  const inside = globs.filter((text) => kindOfGlob(text) === "url" && INSIDE.test(text));
  if (globs.some((text) => /^[/~].*\//.test(text))) {
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
