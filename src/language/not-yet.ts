// What the language has and this version does not do: refused, never silently left out.
import type { Span } from "../source/diagnostic.ts";
import type { ActionNode, StepNode } from "./ast.ts";
import { error } from "./report.ts";
import type { Scope } from "./scope.ts";

export function checkNotYet(action: ActionNode, scope: Scope): void {
  switch (action.kind) {
    case "ask":
    case "limit":
    case "cache":
    case "translate":
    case "call":
      return refuse(`\`${action.kind}\``, action.span, scope);
    case "tag":
      if (action.lasting !== undefined)
        refuse("`tag … for`", action.span, scope, "a tag without `for` lives as long as the call it is on");
      return;
    case "log":
    case "allow":
    case "block":
    case "answer":
    case "rename":
    case "supply":
    case "rewrite":
    case "set":
    case "remove":
    case "add":
    case "redact":
  }
}

export function checkStepNotYet(step: StepNode, scope: Scope): void {
  if (step.kind === "given-human") refuse("`given human`", step.span, scope);
  if (step.kind === "given-call") refuse("`given call`", step.span, scope);
  if (step.kind === "expect-verdict" && step.verdict === "ask") refuse("`expect ask`", step.span, scope);
}

function refuse(what: string, span: Span, scope: Scope, help?: string): void {
  scope.report(error("MR590", span, `${what} is not in this version`, help));
}
