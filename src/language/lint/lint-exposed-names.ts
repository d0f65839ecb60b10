// Lints of names that only clients use: those that a `rename` gives, and those that clients make themselves.
import type { Pattern } from "../../expression/pattern.ts";
import { mayOverlap } from "../../expression/pattern-algebra.ts";
import type { Item, RuleItem } from "../tree/ast.ts";
import type { TargetNode } from "../tree/ast-heads.ts";
import type { CompiledPolicy } from "../compiled-policy.ts";
import { ownNamesBy, renamesOf, type OwnNames } from "../renames.ts";
import { warning } from "../report.ts";
import { patternOf, patternParts, type Scope } from "../scope.ts";

/** Rules see the server's own names; one that a `rename` gives is known to clients only. */
export function lintExposedNames(items: readonly Item[], policy: CompiledPolicy, scope: Scope): void {
  const rules = items.filter((item): item is RuleItem => item.kind === "rule");
  const renaming = rules.flatMap((rule) => {
    const renames = renamesOf(rule, scope);
    const news = new Set(renames.map(({ to }) => to));
    return renames.length === 0 ? [] : [{ news, servers: serversOf(rule, scope), ownNames: ownNamesBy(renames) }];
  });
  const known = ownNamesKnown(rules, policy, scope);
  for (const rule of rules) {
    if (rule.actions.some((action) => action.kind === "rename")) continue;
    const servers = serversOf(rule, scope);
    const shared = renaming.filter((one) => mayShare(one.servers, servers));
    const isOwn = (name: string): boolean =>
      known.has(name) || (makesRoom(rule) && shared.some(({ news }) => news.has(name)));
    const ownNames: OwnNames = (exposed) => (isOwn(exposed) ? [] : shared.flatMap((one) => one.ownNames(exposed)));
    for (const target of rule.head.targets) lintTarget(target, ownNames, servers.length > 0, scope);
  }
}

/** Nobody renames what nobody may see: the old thing goes, and another one gets its name. */
function makesRoom({ head, actions }: RuleItem): boolean {
  const isHidden = head.targets.every(({ kind }) => kind === "thing") && head.excepts.length === 0;
  return isHidden && head.clauses.every(({ kind }) => kind === "on") && actions.some(({ kind }) => kind === "block");
}

/** What each `on` lets in. */
function serversOf({ head }: RuleItem, scope: Scope): readonly Pattern[] {
  return head.clauses.flatMap((clause) =>
    clause.kind === "on" ? [patternOf(patternParts(clause.pattern, scope), scope)] : [],
  );
}

function mayShare(one: readonly Pattern[], other: readonly Pattern[]): boolean {
  return one.every((server) => other.every((another) => mayOverlap(server, another)));
}

/** Names that a server has, by the lock or a test, or that a `rename` starts from. */
function ownNamesKnown(rules: readonly RuleItem[], { tests }: CompiledPolicy, scope: Scope): ReadonlySet<string> {
  const known = new Set(rules.flatMap((rule) => renamesOf(rule, scope).map(({ from }) => from)));
  for (const { things } of scope.lock?.servers.values() ?? [])
    for (const names of Object.values(things)) for (const name of names.keys()) known.add(name);
  for (const step of tests.flatMap(({ steps }) => steps)) if (step.kind === "given-thing") known.add(step.name);
  return known;
}

function lintTarget(target: TargetNode, ownNames: OwnNames, isOnOne: boolean, scope: Scope): void {
  const parts = target.kind === "any" ? [] : (target.pattern?.parts ?? []);
  for (const part of parts) {
    if (part.kind !== "glob" || /[*?]/.test(part.text)) continue;
    // A gateway has such names itself.
    const outer = isOnOne ? undefined : nameOfClient(part.text, scope);
    if (outer !== undefined) {
      const message = `\`${part.text}\` is what clients call \`${outer.own}\` of the server \`${outer.server}\``;
      const help = `rules see the server's own names: write \`${outer.own}\`, and \`on ${outer.server}\``;
      scope.report(warning("MR554", part.span, message, help));
      continue;
    }
    const [own] = ownNames(part.text);
    if (own === undefined) continue;
    const message = `\`${part.text}\` is what clients call \`${own}\``;
    scope.report(warning("MR554", part.span, message, `rules see the server's own names: write \`${own}\``));
  }
}

/** `mcp__files__read`, as some clients say it, and `files__read`, where the server is known and no lock has such a name. */
function nameOfClient(text: string, scope: Scope): { readonly server: string; readonly own: string } | undefined {
  const [, prefix, server = "", own = ""] =
    /^(mcp__)?([A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*)__(\w[\w.-]*)$/.exec(text) ?? [];
  if (own === "" || scope.lock !== undefined) return undefined;
  return prefix !== undefined || scope.servers?.includes(server) === true ? { server, own } : undefined;
}
