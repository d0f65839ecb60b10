// `rename`: a one-to-one mapping of the names of things, the same for everybody it is for.
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { TargetNode } from "../tree/ast-heads.ts";
import type { PatNode } from "../tree/ast-values.ts";
import { isGuardedByIdentity } from "../identity-guards.ts";
import { error } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";

type Rename = ActionNode & { kind: "rename" };

export function checkRename(action: Rename, rule: RuleItem, scope: Scope): void {
  if (!isGuardedByIdentity(rule.head)) {
    scope.report(
      error("MR504", action.span, "a `rename` has no clauses but `on` and `for`", "a name cannot depend on a message"),
    );
  }
  const { to } = action;
  if (to.kind !== "glob")
    return scope.report(error("MR504", to.span, "the new name is a word, with a `*` for each of the old one"));
  checkNewName(to, scope);
  const sources = rule.head.targets.flatMap((target) => sourcesOf(target, action, scope));
  for (const source of sources) checkStars(source, to, scope);
  if (!to.text.includes("*") && sources.length > 1) {
    scope.report(
      error(
        "MR504",
        to.span,
        `several things would all be called \`${to.text}\``,
        "rename one thing, or keep a `*` in the new name",
      ),
    );
  }
}

/** What a new name may look like (SEP-986); each `*` brings characters of the old one. */
const NEW_NAME = /^[A-Za-z0-9_.*-]{1,128}$/;

function checkNewName(to: PatNode & { kind: "glob" }, scope: Scope): void {
  if (NEW_NAME.test(to.text) && !to.text.includes("**")) return;
  scope.report(
    error(
      "MR504",
      to.span,
      `\`${to.text}\` is no name of a thing`,
      "names have 1 to 128 letters, digits, `_`, `.` and `-`, here with a `*` for each of the old one",
    ),
  );
}

interface Source {
  readonly text: string;
  readonly span: PatNode["span"];
}

/** The globs that name what is renamed. */
function sourcesOf(target: TargetNode, action: Rename, scope: Scope): readonly Source[] {
  if (target.kind !== "thing") {
    scope.report(
      error(
        "MR504",
        action.span,
        "a `rename` is about things",
        "write `when tool …` or `when prompt …`; it holds wherever the name appears",
      ),
    );
    return [];
  }
  if (target.thing === "resource") {
    scope.report(error("MR504", target.span, "resources keep their URI"));
    return [];
  }
  return target.pattern.parts.flatMap((part) => sourcesIn(part, scope));
}

function sourcesIn(part: PatNode, scope: Scope): readonly Source[] {
  return patternParts({ parts: [part], span: part.span }, scope).flatMap((one) => {
    if (one.kind === "glob") return [{ text: one.text, span: part.span }];
    if (one.kind === "regex")
      scope.report(
        error(
          "MR504",
          part.span,
          "a `rename` has no regular expressions",
          "its `*` have to go somewhere in the new name",
        ),
      );
    return [];
  });
}

function checkStars(source: Source, to: PatNode & { kind: "glob" }, scope: Scope): void {
  const stars = countOf("*", source.text);
  if (source.text.includes("?") || source.text.includes("**")) {
    return scope.report(error("MR504", source.span, "only single `*` carry over into a new name"));
  }
  const wanted = countOf("*", to.text);
  if (stars === wanted) return;
  const message = `\`${source.text}\` has ${String(stars)} \`*\`, and \`${to.text}\` ${String(wanted)}`;
  const help =
    stars === 1 && /^[._-]|[._-]$/.test(to.text)
      ? `write \`${/[._-]$/.test(to.text) ? `${to.text}*` : `*${to.text}`}\`: the \`*\` is what stood there in the old name`
      : "each `*` of the old name goes where one stands in the new";
  scope.report(error("MR504", to.span, message, help));
}

function countOf(character: string, text: string): number {
  return text.split(character).length - 1;
}
