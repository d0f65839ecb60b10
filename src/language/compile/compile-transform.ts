// What a rule changes, as the engine reads it.
import { parsePath } from "../../expression/path.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { TransformNode } from "../tree/ast-actions.ts";
import type { CompiledTransform } from "../compiled-policy.ts";
import { patternOf, patternParts, type Scope } from "../scope.ts";
import { compiledExpression, compilePatternNode, compileValue } from "./compile-head.ts";

export function compileTransform(transform: TransformNode, rule: RuleItem, scope: Scope): readonly CompiledTransform[] {
  switch (transform.kind) {
    case "rename":
      return compileRename(transform, rule, scope);
    case "supply":
    case "set":
    case "add":
      return [
        { kind: transform.kind, path: parsePath(transform.path.text), value: compileValue(transform.value, scope) },
      ];
    case "rewrite":
      return [
        {
          kind: "rewrite",
          path: parsePath(transform.path.text),
          expression: compiledExpression(transform.expression, scope),
        },
      ];
    case "remove":
      return [{ kind: "remove", paths: transform.paths.map((path) => parsePath(path.text)) }];
    case "redact":
      return [
        {
          kind: "redact",
          pattern: compilePatternNode(transform.pattern, scope),
          path: transform.path === undefined ? undefined : parsePath(transform.path.text),
          as: transform.as?.text ?? REDACTED,
        },
      ];
    case "translate":
      return [
        {
          kind: "translate",
          paths: transform.paths.length === 0 ? undefined : transform.paths.map((path) => parsePath(path.text)),
          to: transform.to.text,
          using: transform.using?.text,
        },
      ];
    case "call":
      return [{ kind: "call", module: transform.module.text, config: configOf(transform) }];
  }
}

function configOf({ config }: TransformNode & { kind: "call" }) {
  if (config === undefined) return undefined;
  if (isJsonObject(config.value)) return config.value;
  throw new Error("a list as the settings of a module was refused before");
}

/** What stands in the place of what a `redact` without `as` takes out. */
export const REDACTED = "[redacted]";

/** One for each glob that the targets name: what its `*` take goes where those of `to` stand. */
function compileRename(
  transform: TransformNode & { kind: "rename" },
  rule: RuleItem,
  scope: Scope,
): readonly CompiledTransform[] {
  const { to } = transform;
  if (to.kind !== "glob") throw new Error("a new name that is no glob was refused before");
  return rule.head.targets.flatMap((target) =>
    target.kind === "thing"
      ? patternParts(target.pattern, scope).map((part) => ({
          kind: "rename" as const,
          from: patternOf([part], scope),
          to: to.text,
        }))
      : [],
  );
}
