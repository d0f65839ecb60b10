// Whom the settings know: profiles that rules are for, and whether anybody has a user at all.
import { didYouMean } from "../../source/nearest.ts";
import type { Item } from "../tree/ast.ts";
import type { ClauseNode, HeadNode } from "../tree/ast-heads.ts";
import { error, warning } from "../report.ts";
import type { Scope } from "../scope.ts";

type ForClause = Extract<ClauseNode, { readonly kind: "for" }>;

export function checkPrincipals(items: readonly Item[], scope: Scope): void {
  const clauses = items.flatMap((item) => clausesOf(headOf(item)));
  for (const clause of clauses) if (clause.principal === "profile") checkProfile(clause, scope);
  // Said once: a policy that other settings share may have many of them.
  const first = clauses.find(({ principal }) => principal === "user" || principal === "group");
  if (first === undefined || scope.hasUsers !== false) return;
  const message = "nobody has a user here: the settings have no `auth`";
  const help = `no \`for user\` and no \`for group\` ever holds; name in \`mcprules.auth\` who may come in`;
  scope.report(warning("MR317", first.span, message, help));
}

function checkProfile({ pattern }: ForClause, { profiles, report }: Scope): void {
  if (profiles === undefined) return;
  for (const part of pattern.parts) {
    if (part.kind !== "glob" || /[*?]/.test(part.text) || profiles.includes(part.text)) continue;
    const known = profiles.map((name) => `\`${name}\``).join(", ");
    const help = didYouMean(part.text, profiles) ?? `the profiles are ${known}`;
    report(error("MR316", part.span, `no profile is called \`${part.text}\``, help));
  }
}

function headOf(item: Item): HeadNode | undefined {
  return item.kind === "rule" || item.kind === "exception" || item.kind === "default" ? item.head : undefined;
}

function clausesOf(head: HeadNode | undefined): readonly ForClause[] {
  if (head === undefined) return [];
  const all = [...head.clauses, ...head.excepts.flatMap(({ clauses }) => clauses)];
  return all.filter((clause) => clause.kind === "for");
}
