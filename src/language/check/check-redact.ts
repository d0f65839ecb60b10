// `redact`: literals and regular expressions only, and a text to put in their place that can be written.
import { parsePath } from "../../expression/path.ts";
import type { PatternPart } from "../../expression/pattern.ts";
import { isFoundAgain, redactValue } from "../../expression/masking/redact.ts";
import { compileRegex } from "../../expression/regex/regex.ts";
import { sampleOf } from "../../expression/regex/regex-sample.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { Written } from "../tree/ast-values.ts";
import { checkField } from "./check-fields.ts";
import { REDACTED } from "../compile/compile-transform.ts";
import { naturalFields } from "./known-fields.ts";
import { hasField } from "./missing-fields.ts";
import { nameOfReached, type Reached } from "../reach.ts";
import { error, warning } from "../report.ts";
import { patternOf, patternParts, type Scope } from "../scope.ts";

export function checkRedact(action: ActionNode & { kind: "redact" }, reached: readonly Reached[], scope: Scope): void {
  if (action.path !== undefined) {
    checkField(action.path, reached, scope);
    warnOfStranger(action.path, reached, scope);
  }
  for (const part of action.pattern.parts) {
    const holds = part.kind === "variable" ? patternParts({ parts: [part], span: part.span }, scope) : [part];
    const glob = holds.find((one) => one.kind === "glob" && one.text.includes("*"));
    if (glob === undefined) continue;
    const isAll = glob.kind === "glob" && /^\*+$/.test(glob.text) && action.path !== undefined;
    const help = isAll
      ? helpForField(action.path)
      : "write a regular expression: `/sk-[A-Za-z0-9]+/`; a text in quotes is taken letter by letter";
    scope.report(error("MR407", part.span, "a `redact` has no globs", help));
  }
  if (action.as !== undefined) checkGroups(action, action.as.text, scope);
  checkMask(action, scope);
}

/** A server may add such a field to its result; a mask that looks there alone finds nothing in what all others send. */
function warnOfStranger(written: Written, reached: readonly Reached[], scope: Scope): void {
  const path = parsePath(written.text);
  const [first] = path.steps;
  const [about] = reached;
  if (path.absolute || first?.kind !== "member" || about === undefined || !hasField(path, reached)) return;
  const known = reached.map((one) => naturalFields(one));
  if (!known.every((fields) => fields?.members !== undefined && fields.isOpen && !fields.members.has(first.key)))
    return;
  const help = "leave `in` out to mask all of it, or write one of its own fields";
  const message = `MCP knows no field \`${first.key}\` in ${nameOfReached(about)}`;
  scope.report(warning("MR570", written.span, message, help));
}

/** Shown on a text that the pattern finds: the mask it gets is found again, and a message with it can only be refused. */
function checkMask(action: ActionNode & { kind: "redact" }, scope: Scope): void {
  const as = action.as?.text ?? REDACTED;
  const parts = patternParts(action.pattern, scope);
  if (parts.some(isUnusable)) return;
  const pattern = patternOf(parts, scope);
  const isAlways = !as.includes("$") && isFoundAgain(pattern, as);
  if (!isAlways && !parts.flatMap(samplesOf).some((sample) => redactValue(sample, pattern, as).blocked)) return;
  const span = action.as?.span ?? action.pattern.span;
  const message = `what would stand in its place${action.as === undefined ? `, \`${as}\`,` : ""} is found again: such messages are refused`;
  scope.report(error("MR519", span, message, helpForFound(action, as, parts)));
}

function helpForFound({ path }: ActionNode & { kind: "redact" }, as: string, parts: readonly PatternPart[]): string {
  if (as.includes("$")) return LABEL_HELP;
  const isAll = parts.some((part) => part.kind === "regex" && /^\^?\.[*+]\$?$/.test(part.source));
  if (isAll && path !== undefined) return helpForField(path);
  return "write a text with `as` that the pattern does not find, or narrow the pattern";
}

/** A field as a whole, whatever it holds. */
function helpForField({ text }: Written): string {
  return `a field as a whole is written over: \`with ${text}\` and \`set ${text} = "***"\``;
}

const LABEL_HELP =
  'let the pattern ask for a character that the mask does not have: `/(password=)\\S*[^\\s*]\\S*/ as "$1***"`';

/** Somebody else says what is wrong with it. */
function isUnusable(part: PatternPart): boolean {
  if (part.kind === "regex") return compileRegex(part.source, part.flags).kind !== "regex";
  return part.kind === "glob" && part.text.includes("*");
}

function samplesOf(part: PatternPart): readonly string[] {
  const sample = part.kind === "regex" ? sampleOf(part.source, part.flags) : undefined;
  return sample === undefined ? [] : [sample];
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
