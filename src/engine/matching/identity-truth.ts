// What can be said of a rule's targets and of `on`, `for` and `from` before anybody reads the message's body.
import { every, some, type Truth } from "../../expression/truth.ts";
import type { CompiledTarget, Phase } from "../../language/compiled-policy.ts";
import { methodFacts, type ThingKind } from "../../mcp/methods.ts";
import type { Facts, Principal } from "../facts.ts";
import type { IdentityClause } from "./prepare-head.ts";

/** Where the relative paths of a rule start: the natural body, `{message, code}`, or the definition of a thing. */
export type Home = "body" | "failure" | "thing";

export interface TargetTruth {
  readonly truth: Truth;
  readonly home: Home;
  /** Holds only if the result says `isError`. */
  readonly onlyErrors: boolean;
}

export function truthOfTarget(target: CompiledTarget, facts: Facts): TargetTruth {
  switch (target.kind) {
    case "thing":
      return { truth: truthOfThing(target.thing, target.name, facts), home: "thing", onlyErrors: false };
    case "method":
      return phased(target.phase, truthOfMethod(target, facts), facts);
    case "any":
      return anyMessage(target.of, facts);
  }
}

export function truthOfIdentity(clause: IdentityClause, facts: Facts): Truth {
  switch (clause.kind) {
    case "on":
      return facts.server === undefined ? "no" : clause.server.matchesName(facts.server);
    case "from":
      return facts.from === clause.side ? "yes" : "no";
    case "for":
      return truthOfPrincipal(clause, facts.principal);
  }
}

/** The kinds of thing that `name` may be: none, one, or (a completion of unknown reference) two. */
export function thingsCarried(facts: Facts): readonly ThingKind[] {
  if (facts.name === undefined || facts.kind === "result" || facts.kind === "error") return [];
  if (facts.thing) return [facts.thing];
  return methodFacts(facts.method)?.carries.map((carried) => carried.thing) ?? [];
}

function truthOfThing(thing: ThingKind, name: { matchesName(name: string): Truth }, facts: Facts): Truth {
  const carried = thingsCarried(facts);
  if (facts.name === undefined || !carried.includes(thing)) return "no";
  const named = name.matchesName(facts.name);
  return carried.length === 1 ? named : every([named, "doubt"]);
}

function truthOfMethod(target: Extract<CompiledTarget, { kind: "method" }>, facts: Facts): Truth {
  const method = target.method.matchesName(facts.method);
  if (method === "no" || !target.name) return method;
  return facts.name === undefined ? "no" : every([method, target.name.matchesName(facts.name)]);
}

function anyMessage(of: Extract<CompiledTarget, { kind: "any" }>["of"], facts: Facts): TargetTruth {
  if (of === "message") return { truth: "yes", home: "body", onlyErrors: false };
  if (of === "notification" || of === "request") {
    return { truth: facts.kind === of ? "yes" : "no", home: "body", onlyErrors: false };
  }
  return phased(of, "yes", facts);
}

function phased(phase: Phase, truth: Truth, facts: Facts): TargetTruth {
  const home = phase === "failure" ? "failure" : "body";
  const onlyErrors = phase === "failure" && facts.kind === "result";
  return { truth: isInPhase(phase, facts.kind) ? truth : "no", home, onlyErrors };
}

function isInPhase(phase: Phase, kind: Facts["kind"]): boolean {
  switch (phase) {
    case "request":
      return kind === "request" || kind === "notification";
    case "result":
      return kind === "result";
    case "error":
      return kind === "error";
    case "reply":
    case "failure":
      return kind === "result" || kind === "error";
  }
}

/** Nobody logged in: no. Logged in with a token that does not say which groups: doubt. */
function truthOfPrincipal(clause: Extract<IdentityClause, { kind: "for" }>, principal: Principal): Truth {
  switch (clause.principal) {
    case "client":
      return principal.client ? clause.name.matchesName(principal.client.name) : "no";
    case "user":
      return principal.user ? clause.name.matchesName(principal.user.id) : "no";
    case "profile":
      return principal.profile === undefined ? "no" : clause.name.matchesName(principal.profile);
    case "group":
      if (!principal.user) return "no";
      return principal.user.groups
        ? some(principal.user.groups.map((group) => clause.name.matchesName(group)))
        : "doubt";
  }
}
