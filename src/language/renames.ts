// What `rename` rules call things, and the own name behind such a name.
import { compilePattern } from "../expression/pattern.ts";
import type { RuleItem } from "./ast.ts";
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

/** What is called so by clients, as far as this rename tells. */
export function ownName(exposed: string, { from, to }: Rename): string | undefined {
  const taken =
    to === "*"
      ? undefined
      : compilePattern([{ kind: "glob", text: to }])
          .captures(exposed)
          ?.values();
  return taken === undefined ? undefined : from.replaceAll("*", () => taken.next().value ?? "");
}
