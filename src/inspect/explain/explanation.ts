// Why a message ended as it did, in values: who sent what, which rules had a say, and what they changed.
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { Asking } from "../../engine/decision.ts";
import type { Principal } from "../../engine/facts.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { differences, type Difference } from "../diff/json-diff.ts";
import type { GateNote } from "../play/gate-note.ts";
import { isReply, type Outcome } from "../play/judge.ts";
import type { ThingOutcome } from "./thing-outcome.ts";
import { tryRules, type TriedRule } from "./tried-rules.ts";

export interface Explanation {
  readonly kind: Outcome["facts"]["kind"];
  readonly method: string;
  readonly from: "client" | "server";
  readonly server: string | undefined;
  readonly name: string | undefined;
  readonly principal: Principal;
  /** As it came. */
  readonly before: JsonObject;
  readonly changes: readonly Difference[];
  /** The rules that mean such a message, asked of it as it stood at their place. */
  readonly tried: readonly TriedRule[];
  /** Of a list, or of the hidden thing that a call means: what became of each thing that a rule touched. */
  readonly things: readonly ThingOutcome[];
  readonly gates: readonly GateNote[];
  readonly record: DecisionRecord;
}

export function* explain(revision: Revision, outcome: Outcome): Asking<Explanation> {
  const { facts, surroundings, before, decision, things = [], gates } = outcome;
  const { kind, method, from, server, name, principal } = facts;
  return {
    kind,
    method,
    from,
    server,
    name,
    principal,
    before: isReply(facts) ? before : { method, ...before },
    changes: differences(before, decision.content),
    tried: yield* tryRules(revision, { facts, surroundings, content: before }),
    things,
    gates,
    record: decision.record,
  };
}
