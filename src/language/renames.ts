// What `rename` rules call things, and the own name behind such a name.
import { compilePattern, type Pattern } from "../expression/pattern.ts";
import type { RuleItem } from "./tree/ast.ts";
import { patternParts, type Scope } from "./scope.ts";

export interface Rename {
  readonly from: string;
  readonly to: string;
}

export function renamesOf(rule: RuleItem, scope: Scope): readonly Rename[] {
  const action = rule.actions.find((one) => one.kind === "rename");
  if (action?.to.kind !== "glob") return [];
  const { text: to } = action.to;
  const targets = rule.head.targets.flatMap((target) => (target.kind === "thing" ? [target.pattern] : []));
  return targets.flatMap((pattern) =>
    patternParts(pattern, scope).flatMap((part) => (part.kind === "glob" ? [{ from: part.text, to }] : [])),
  );
}

/** What is called so by clients, by each rename that tells, in their order. */
export type OwnNames = (exposed: string) => readonly string[];

/** New names without wildcards are looked up, and the others compiled once: a large policy has many of them. */
export function ownNamesBy(renames: readonly Rename[]): OwnNames {
  const plain = new Map<string, Numbered[]>();
  const patterns: Numbered[] = [];
  for (const [index, { from, to }] of renames.entries()) {
    if (to === "*") continue;
    const rename = { index, from, to: compilePattern([{ kind: "glob", text: to }]) };
    const alike = /[*?]/.test(to) ? patterns : plain.get(to);
    if (alike === undefined) plain.set(to, [rename]);
    else alike.push(rename);
  }
  return (exposed) =>
    [...(plain.get(exposed) ?? []), ...patterns]
      .sort((one, other) => one.index - other.index)
      .flatMap((rename) => ownName(exposed, rename) ?? []);
}

interface Numbered {
  readonly index: number;
  readonly from: string;
  readonly to: Pattern;
}

function ownName(exposed: string, { from, to }: Numbered): string | undefined {
  const taken = to.captures(exposed)?.values();
  return taken === undefined ? undefined : from.replaceAll("*", () => taken.next().value ?? "");
}
