// `redact`: literals and regular expressions only, and a text to put in their place that can be written.
import { compileRegex } from "../expression/regex.ts";
import type { ActionNode } from "./ast.ts";
import { checkField } from "./check-fields.ts";
import type { Reached } from "./reach.ts";
import { error } from "./report.ts";
import { patternParts, type Scope } from "./scope.ts";

export function checkRedact(action: ActionNode & { kind: "redact" }, reached: readonly Reached[], scope: Scope): void {
  if (action.path !== undefined) checkField(action.path, reached, scope);
  for (const part of action.pattern.parts) {
    const holds = part.kind === "variable" ? patternParts({ parts: [part], span: part.span }, scope) : [part];
    const glob = holds.find((one) => one.kind === "glob" && one.text.includes("*"));
    if (glob === undefined) continue;
    const help = "write a regular expression: `/sk-[A-Za-z0-9]+/`; a text in quotes is taken letter by letter";
    scope.report(error("MR407", part.span, "a `redact` has no globs", help));
  }
  if (action.as !== undefined) checkGroups(action, action.as.text, scope);
}

/** `$1` in the replacement: the group has to be there in every regular expression. */
function checkGroups(action: ActionNode & { kind: "redact" }, as: string, scope: Scope): void {
  const wanted = [...as.replaceAll("$$", "").matchAll(/\$(\d+)/g)].map(([, group]) => Number(group));
  const most = Math.max(0, ...wanted);
  if (most === 0 || action.as === undefined) return;
  const groups = patternParts(action.pattern, scope).map((part) => {
    const compiled = part.kind === "regex" ? compileRegex(part.source, part.flags) : undefined;
    return compiled?.kind === "regex" ? compiled.regex.groups : 0;
  });
  const fewest = Math.min(...groups);
  if (groups.length === 0 || fewest >= most) return;
  const has = fewest === 0 ? "no group" : `only ${String(fewest)} of them`;
  scope.report(
    error(
      "MR407",
      action.as.span,
      `\`$${String(most)}\` names a group, and the pattern has ${has}`,
      "a group is a part in round brackets; a dollar is written `$$`",
    ),
  );
}
