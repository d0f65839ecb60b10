// Lints of names: `let`s that nobody uses, rules that say the same, exceptions that have run out, names that two things get.
import type { Item, LetItem, RuleItem } from "../tree/ast.ts";
import type { CompiledPolicy, CompiledRule } from "../compiled-policy.ts";
import { lintExposedNames } from "./lint-exposed-names.ts";
import { visitItem } from "../leaves.ts";
import { renamesOf } from "../renames.ts";
import { alsoAt, warning } from "../report.ts";
import { expressionOf, type Scope } from "../scope.ts";
import { untilOf } from "../until.ts";

export function lintNames(items: readonly Item[], policy: CompiledPolicy, scope: Scope): void {
  lintUnusedLets(items, scope);
  lintDuplicates(items, policy, scope);
  lintExposedNames(items, policy, scope);
  lintSharedNames(items, scope);
  for (const item of items) {
    if (item.kind !== "exception" || (untilOf(item.until.text) ?? scope.now) > scope.now) continue;
    scope.report(
      warning(
        "MR553",
        item.until.span,
        `the exception \`${item.id.text}\` has run out: it does nothing`,
        "delete it, or give it another day",
      ),
    );
  }
}

function lintUnusedLets(items: readonly Item[], scope: Scope): void {
  const lets = items.filter((item): item is LetItem => item.kind === "let");
  if (lets.length === 0) return;
  const used = new Set<string>();
  for (const item of items) {
    visitItem(item, {
      pattern: (pattern) => {
        for (const part of pattern.parts) if (part.kind === "variable") used.add(part.name);
      },
      value: (value) => {
        if (value.kind === "variable") used.add(value.name);
      },
      expression: (node) => {
        for (const name of expressionOf(node, scope)?.variables ?? []) used.add(name);
        for (const [, name = ""] of node.source.matchAll(/\$([A-Za-z_][A-Za-z0-9_]*)/g)) used.add(name);
      },
    });
  }
  for (const { name } of lets) {
    if (!used.has(name.text)) scope.report(warning("MR552", name.span, `\`$${name.text}\` is used nowhere`));
  }
}

function lintDuplicates(items: readonly Item[], policy: CompiledPolicy, scope: Scope): void {
  const rules = items.filter((item): item is RuleItem => item.kind === "rule");
  const alike = new Map<string, number[]>();
  for (const [index, rule] of policy.rules.entries()) {
    const outline = outlineOf(rule);
    const others = alike.get(outline);
    if (others === undefined) alike.set(outline, [index]);
    else others.push(index);
  }
  for (const indexes of alike.values()) if (indexes.length > 1) lintAlike(indexes, rules, policy, scope);
}

/** What two rules that say the same have in common, and most others have not. */
function outlineOf({ head, transforms, verdicts, observations }: CompiledRule): string {
  const targets = head.targets.map((target) => (target.kind === "any" ? target.of : target.name?.text));
  const clauses = head.clauses.map((clause) => (clause.kind === "on" ? clause.server.text : clause.kind));
  const actions = [...transforms, ...verdicts, ...observations].map((action) => action.kind);
  return [targets, clauses, actions].map((list) => list.join(" ")).join("\n");
}

function lintAlike(indexes: readonly number[], rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  const first = new Map<string, RuleItem>();
  for (const index of indexes) {
    const rule = rules[index];
    const { head, transforms, verdicts, observations, cache, stage, fails } = policy.rules[index] ?? {};
    const said = JSON.stringify({ head, transforms, verdicts, observations, cache, stage, fails });
    const before = first.get(said);
    if (rule === undefined) continue;
    if (before === undefined) {
      first.set(said, rule);
      continue;
    }
    const message = `\`${rule.id.text}\` says the same as \`${before.id.text}\``;
    scope.report(alsoAt(warning("MR551", rule.id.span, message), before.id.span, "the other one"));
  }
}

/** A rename of several patterns can give two things one name: then the one of the earlier server, or the first, keeps it. */
function lintSharedNames(items: readonly Item[], scope: Scope): void {
  for (const item of items) {
    const rename = item.kind === "rule" ? item.actions.find((action) => action.kind === "rename") : undefined;
    if (item.kind !== "rule" || rename === undefined || renamesOf(item, scope).length < 2) continue;
    scope.report(
      warning(
        "MR559",
        rename.span,
        "two things may get one name from this",
        "give each pattern a rule and a new name of its own",
      ),
    );
  }
}
