// What a target is about, as far as MCP tells: things, methods in one phase, or any message of a kind.
import { compilePattern } from "../expression/pattern.ts";
import { allMethods, methodFacts, type MethodFacts } from "../mcp/methods.ts";
import type { HeadNode, TargetNode } from "./tree/ast-heads.ts";
import type { ThingKind } from "./compiled-value.ts";

/** `request` stands for notifications too: what is sent, as against what is replied. */
export type Phase = "request" | "result" | "error" | "failure";

export type Reached =
  | { readonly kind: "thing"; readonly thing: ThingKind }
  | { readonly kind: "message"; readonly method: MethodFacts; readonly phase: Phase }
  /** A method that MCP does not have. */
  | { readonly kind: "unknown"; readonly phase: Phase };

function reachOf(target: TargetNode): readonly Reached[] {
  switch (target.kind) {
    case "thing":
      return [{ kind: "thing", thing: target.thing }];
    case "method":
      return reachOfMethod(target.method.text, phasesOf(target.reply ?? "request"));
    case "any":
      return reachOfAny(target.of);
  }
}

export function reachOfHead(head: HeadNode): readonly Reached[] {
  return head.targets.flatMap(reachOf);
}

/** The methods of MCP that a method with or without `*` names. */
export function methodsNamed(method: string): readonly MethodFacts[] {
  if (!method.includes("*")) {
    const facts = methodFacts(method);
    return facts === undefined ? [] : [facts];
  }
  const pattern = compilePattern([{ kind: "glob", text: method }]);
  return allMethods().filter((facts) => pattern.matchesName(facts.method) === "yes");
}

/** How a diagnostic speaks of it. */
export function nameOfReached(reached: Reached): string {
  if (reached.kind === "thing") return `a ${reached.thing}'s definition`;
  if (reached.kind === "unknown") return "such a message";
  const { method, phase } = reached;
  if (phase === "request") return `a \`${method.method}\` ${method.kind}`;
  if (phase === "failure") return `a failure of \`${method.method}\``;
  return phase === "error" ? `an error of \`${method.method}\`` : `a result of \`${method.method}\``;
}

export function isReplyPhase(phase: Phase): boolean {
  return phase !== "request";
}

/** Paths that begin with no root start in the arguments of such a request. */
export function startsInArguments(reached: Reached): boolean {
  return reached.kind === "message" && reached.phase === "request" && reached.method.body.length > 1;
}

function phasesOf(phase: "request" | "result" | "error" | "reply" | "failure"): readonly Phase[] {
  return phase === "reply" ? ["result", "error"] : [phase];
}

function reachOfMethod(method: string, phases: readonly Phase[]): readonly Reached[] {
  const methods = methodsNamed(method);
  if (methods.length === 0) return phases.map((phase) => ({ kind: "unknown", phase }));
  return methods.flatMap((facts) => phases.flatMap((phase) => reachIn(facts, phase)));
}

/** Notifications have no replies. */
function reachIn(method: MethodFacts, phase: Phase): readonly Reached[] {
  return method.kind === "notification" && isReplyPhase(phase) ? [] : [{ kind: "message", method, phase }];
}

function reachOfAny(of: (TargetNode & { kind: "any" })["of"]): readonly Reached[] {
  const methods = allMethods();
  if (of === "message")
    return methods.flatMap((method) =>
      (["request", "result", "error"] as const).flatMap((phase) => reachIn(method, phase)),
    );
  if (of === "notification" || of === "request") {
    return methods
      .filter((method) => method.kind === of)
      .map((method) => ({ kind: "message", method, phase: "request" }));
  }
  return phasesOf(of).flatMap((phase) => methods.flatMap((method) => reachIn(method, phase)));
}
