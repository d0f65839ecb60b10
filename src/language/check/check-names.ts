// Ids and names: each once, each known where it is used, and exactly one bare default.
import { didYouMean } from "../../source/nearest.ts";
import type { DefaultItem, Item } from "../tree/ast.ts";
import type { Written } from "../tree/ast-values.ts";
import type { BrokenItem, ParsedFile } from "../parse-file.ts";
import { alsoAt, error } from "../report.ts";
import { BOUND_NAMES, type Scope } from "../scope.ts";

export function checkNames(files: readonly ParsedFile[], scope: Scope): void {
  const items = files.flatMap((file) => file.items);
  const broken = files.flatMap((file) => file.broken);
  checkUnique(namesOf(items, ["rule", "exception"]), "id", scope);
  checkUnique(namesOf(items, ["let"]), "`let`", scope);
  checkUnique(namesOf(items, ["test"]), "test", scope);
  checkLetNames(items, scope);
  checkDefaults(files, broken, scope);
  checkReferences(items, broken, scope);
}

/** A `$name` in a pattern or a value. */
export function checkVariable(name: string, span: Written["span"], scope: Scope): boolean {
  if (scope.lets.has(name)) return true;
  const help = didYouMean(
    `$${name}`,
    [...scope.lets.keys()].map((known) => `$${known}`),
  );
  if (!scope.brokenLets.has(name)) scope.report(error("MR302", span, `no \`let\` gives \`$${name}\``, help));
  return false;
}

function namesOf(items: readonly Item[], kinds: readonly Item["kind"][]): readonly Written[] {
  return items.flatMap((item) => {
    if (!kinds.includes(item.kind) || item.kind === "default") return [];
    return [item.kind === "rule" || item.kind === "exception" ? item.id : item.name];
  });
}

function checkUnique(names: readonly Written[], what: string, scope: Scope): void {
  const first = new Map<string, Written>();
  for (const name of names) {
    const before = first.get(name.text);
    if (before === undefined) first.set(name.text, name);
    else
      scope.report(
        alsoAt(error("MR301", name.span, `a second ${what} called \`${name.text}\``), before.span, "the first one"),
      );
  }
}

function checkLetNames(items: readonly Item[], scope: Scope): void {
  for (const item of items) {
    if (item.kind !== "let" || !BOUND_NAMES.has(item.name.text)) continue;
    scope.report(
      error(
        "MR305",
        item.name.span,
        `\`$${item.name.text}\` is what the language calls the ${item.name.text}`,
        "choose another name",
      ),
    );
  }
}

const DEFAULT_HELP =
  'write `default allow` or `default block "reason"`: it judges every request that no rule allows or blocks';

function checkDefaults(files: readonly ParsedFile[], broken: readonly BrokenItem[], scope: Scope): void {
  const items = files.flatMap((file) => file.items);
  const bare = items.filter((item): item is DefaultItem => item.kind === "default" && item.head === undefined);
  const [first, ...others] = bare;
  for (const other of others) {
    const diagnostic = error(
      "MR303",
      other.span,
      "a second bare default",
      "keep one; a default for some messages says `when`",
    );
    if (first !== undefined) scope.report(alsoAt(diagnostic, first.span, "the first one"));
  }
  const isHidden = broken.some((item) => item.kind === "default") || files.length === 0;
  const place = files.find((file) => !isTestFile(file.source.path)) ?? files[0];
  if (first !== undefined || isHidden || place === undefined) return;
  const span = { file: place.source.path, start: 0, end: 0 };
  scope.report(error("MR303", span, "the policy has no bare default", DEFAULT_HELP));
}

export function isTestFile(path: string): boolean {
  return path.endsWith(".test.mcprules");
}

/** Rules that exceptions and tests name. */
function checkReferences(items: readonly Item[], broken: readonly BrokenItem[], scope: Scope): void {
  const rules = new Set(items.flatMap((item) => (item.kind === "rule" ? [item.id.text] : [])));
  const isKnown = (id: string): boolean => rules.has(id) || broken.some((item) => item.name === id);
  const check = (name: Written, others: readonly string[]): void => {
    if (isKnown(name.text) || others.includes(name.text)) return;
    scope.report(
      error("MR304", name.span, `no rule is called \`${name.text}\``, didYouMean(name.text, [...rules, ...others])),
    );
  };
  for (const item of items) {
    if (item.kind === "exception") for (const rule of item.rules) check(rule, []);
    if (item.kind !== "test") continue;
    for (const step of item.steps)
      if (step.kind === "expect-verdict" && step.by !== undefined) check(step.by, ["default"]);
  }
}
