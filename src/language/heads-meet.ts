// Whether two rules may be about the same message: what they are about, on which servers, and for whom.
import { compilePattern } from "../expression/pattern.ts";
import { mayOverlap } from "../expression/pattern-algebra.ts";
import type { CompiledHead, CompiledTarget } from "./compiled-policy.ts";

/** A message and a definition are never the same, nor are a request and its reply. */
export function mayMeet(one: CompiledHead, other: CompiledHead): boolean {
  const isTargeted = one.targets.some((target) => other.targets.some((another) => mayTargetsMeet(target, another)));
  return isTargeted && !areApart(one, other);
}

/** A message and a definition have no field in common, nor have two phases. */
function mayTargetsMeet(one: CompiledTarget, other: CompiledTarget): boolean {
  if (one.kind === "thing" || other.kind === "thing") {
    return (
      one.kind === "thing" && other.kind === "thing" && one.thing === other.thing && mayOverlap(one.name, other.name)
    );
  }
  if (one.kind === "any" || other.kind === "any") return true;
  const isSameName = one.name === undefined || other.name === undefined || mayOverlap(one.name, other.name);
  const isSamePhase = one.phase === other.phase || (one.phase !== "request" && other.phase !== "request");
  return isSamePhase && isSameName && mayOverlap(one.method, other.method);
}

/** On different servers, or for different people. */
function areApart(one: CompiledHead, other: CompiledHead): boolean {
  return one.clauses.some((clause) =>
    other.clauses.some((another) => {
      if (clause.kind === "on" && another.kind === "on") return !mayOverlap(clause.server, another.server);
      if (clause.kind !== "for" || another.kind !== "for" || clause.principal === "group") return false;
      return clause.principal === another.principal && !mayOverlap(clause.name, another.name);
    }),
  );
}

const CALLS = { tool: "tools/call", prompt: "prompts/get", resource: "resources/read" } as const;

/** What is asked about a thing is asked when it is called. */
export function asCalls(head: CompiledHead): CompiledHead {
  const targets = head.targets.map((target): CompiledTarget => {
    if (target.kind !== "thing") return target;
    const method = compilePattern([{ kind: "glob", text: CALLS[target.thing] }]);
    return { kind: "method", phase: "request", method, name: target.name };
  });
  return { ...head, targets };
}
