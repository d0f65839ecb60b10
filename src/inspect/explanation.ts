// Why a message ended as it did, in values: who sent what, which rules had a say, and what they changed.
import type { Principal } from "../engine/facts.ts";
import type { DecisionRecord } from "../engine/decision-record.ts";
import type { JsonObject } from "../mcp/json.ts";
import { differences, type Difference } from "./json-diff.ts";
import { isReply, type Outcome } from "./judge.ts";

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
  readonly record: DecisionRecord;
}

export function explain(outcome: Outcome): Explanation {
  const { facts, before, decision } = outcome;
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
    record: decision.record,
  };
}
