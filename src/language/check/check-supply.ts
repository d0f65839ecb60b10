// `supply`: a hidden argument of a tool.
import { parsePath } from "../../expression/path.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { HeadNode } from "../tree/ast-heads.ts";
import { looksAt } from "./check-head.ts";
import { isGuardedByIdentity } from "../identity-guards.ts";
import { error } from "../report.ts";
import { expressionOf, type Scope } from "../scope.ts";

export function checkSupply(action: ActionNode & { kind: "supply" }, head: HeadNode, scope: Scope): void {
  if (head.targets.some((target) => target.kind !== "thing" || target.thing !== "tool")) {
    scope.report(
      error(
        "MR505",
        action.span,
        "`supply` is about tools",
        "write `when tool …`: the argument leaves the schema, and comes back when the tool is called",
      ),
    );
  }
  if (!isGuardedByIdentity(head)) {
    scope.report(
      error(
        "MR505",
        action.span,
        "a `supply` has no clauses but `on` and `for`",
        "an argument is hidden for good, or not at all",
      ),
    );
  }
  const { steps, absolute } = parsePath(action.path.text);
  if (absolute) {
    scope.report(
      error(
        "MR505",
        action.path.span,
        "the argument is named alone",
        `write \`supply ${action.path.text.replace(/^params\.arguments\./, "")} = …\``,
      ),
    );
  } else if (steps.some((step) => step.kind !== "member")) {
    scope.report(error("MR505", action.path.span, "a supplied argument is no entry of a list"));
  }
  checkSupplied(action, scope);
}

/** What the client may write is no source of an argument that the client must not write. */
function checkSupplied(action: ActionNode & { kind: "supply" }, scope: Scope): void {
  const { value } = action;
  if (value.kind === "path" && !/^(?:user|client|server)\b/.test(value.path.text)) {
    scope.report(
      error(
        "MR505",
        value.span,
        "a supplied value comes from `user`, `client`, `server` or from the policy",
        "what the message says, the client can say",
      ),
    );
  }
  const expression = value.kind === "expression" ? expressionOf(value.expression, scope) : undefined;
  if (expression !== undefined && looksAt("request", expression, scope))
    scope.report(error("MR511", value.span, "`$request` is there beside a reply only"));
}
