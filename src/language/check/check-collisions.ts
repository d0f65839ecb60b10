// Renames that certainly give two things of one server the same name.
import type { Item } from "../tree/ast.ts";
import type { PatNode } from "../tree/ast-values.ts";
import { alsoAt, error } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";

export function checkCollisions(items: readonly Item[], scope: Scope): void {
  const first = new Map<string, NewName>();
  for (const name of items.flatMap((item) => newNamesOf(item, scope))) {
    const before = first.get(name.key);
    if (before === undefined) first.set(name.key, name);
    else if (before.own !== name.own) {
      const message = `\`${name.own}\` and \`${before.own}\` would both be called \`${name.to.text}\``;
      scope.report(alsoAt(error("MR504", name.to.span, message), before.to.span, "the other one"));
    }
  }
}

interface NewName {
  /** Kind of thing, server and new name. */
  readonly key: string;
  readonly own: string;
  readonly to: PatNode & { readonly kind: "glob" };
}

/** Of one server, for everybody, without wildcards: only then is it certain. */
function newNamesOf(item: Item, scope: Scope): readonly NewName[] {
  const rename = item.kind === "rule" ? item.actions.find((action) => action.kind === "rename") : undefined;
  if (item.kind !== "rule" || rename?.to.kind !== "glob" || item.head.excepts.length > 0) return [];
  const { to } = rename;
  const [clause, another] = item.head.clauses;
  if (clause?.kind !== "on" || another !== undefined) return [];
  const servers = patternParts(clause.pattern, scope).flatMap((part) =>
    part.kind === "glob" && !/[*?]/.test(part.text) ? [part.text] : [],
  );
  const targets = item.head.targets.flatMap((target) => (target.kind === "thing" ? [target] : []));
  return servers.flatMap((server) =>
    targets.flatMap(({ thing, pattern }) =>
      patternParts(pattern, scope).flatMap((part) =>
        part.kind === "glob" && !/[*?]/.test(part.text)
          ? [{ key: JSON.stringify([thing, server, to.text]), own: part.text, to }]
          : [],
      ),
    ),
  );
}
