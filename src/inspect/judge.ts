// One message put to the policy the way the proxy does it, and what the other side sees of it then.
import { decide, decideByIdentity } from "../engine/decide.ts";
import type { DecisionRecord } from "../engine/decision-record.ts";
import type { Asking, Content, Decision } from "../engine/decision.ts";
import type { Facts, Surroundings } from "../engine/facts.ts";
import type { Revision } from "../engine/policy-store.ts";
import { refuse, unknownThing, type Refusal } from "../engine/refusal.ts";
import { select } from "../engine/select.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import type { Carried } from "./test-message.ts";
import type { ThingOutcome } from "./thing-outcome.ts";

/** A message and what became of it: what `expect` looks at. */
export interface Outcome {
  readonly facts: Facts;
  readonly surroundings: Surroundings;
  /** Before any rule, in the server's own names. */
  readonly before: Content;
  readonly decision: Decision;
  /** What became of the things of a list that came back, or of the one that a hidden call means. */
  readonly things?: readonly ThingOutcome[];
  /** `{method, params}`, `{result}` or `{error}` as the other side gets it, or its sender when it is refused; empty: dropped. */
  readonly shown: JsonObject;
}

export function* judge(revision: Revision, facts: Facts, before: Content, surroundings: Surroundings): Asking<Outcome> {
  const decision = yield* decisionOn(revision, facts, before, surroundings);
  const shown = isReply(facts) ? decision.content : { method: facts.method, ...decision.content };
  const outcome = { facts, surroundings, before, decision, shown };
  switch (decision.verdict) {
    case "allow":
      return outcome;
    case "ask":
    case "block":
      return { ...outcome, shown: shownRefusal(refuse(facts, decision, revision)) };
    case "answer":
      return yield* judgeAnswer(revision, outcome, decision.answer ?? null);
  }
}

/** A thing outside the catalogue: refused by what hides it, whatever the rules for calls say, and answered as a name nobody knows. */
export function refuseUnlisted(outcome: Outcome, thing: ThingOutcome, written: Carried): Outcome {
  const { facts, decision } = outcome;
  const refusal: Refusal = facts.kind === "notification" ? { kind: "drop" } : unknownThing(written.thing, written.name);
  const { place: _, ...rest } = decision.record;
  const { rule = "default", place } = thing.record;
  const reason = `the ${written.thing} is hidden`;
  const record: DecisionRecord = { ...rest, verdict: "block", rule, ...(place !== undefined && { place }), reason };
  return {
    ...outcome,
    decision: { ...decision, verdict: "block", rule, reason, record },
    things: [thing],
    shown: shownRefusal(refusal),
  };
}

export function isReply(facts: Facts): boolean {
  return facts.kind === "result" || facts.kind === "error";
}

function* decisionOn(revision: Revision, facts: Facts, content: Content, surroundings: Surroundings): Asking<Decision> {
  const selection = select(revision, facts);
  if (selection.readsBody) return yield* decide(revision, selection, facts, content, surroundings);
  const decision = selection.byIdentity ?? decideByIdentity(revision, selection, facts, surroundings);
  return { ...decision, content };
}

/** An answer in the server's place passes the rules for results, and the verdict stays `answer` if they let it. */
function* judgeAnswer(
  revision: Revision,
  { facts, surroundings, before, decision }: Outcome,
  answer: JsonValue,
): Asking<Outcome> {
  const request = { method: facts.method, ...decision.content };
  const reply = yield* judge(
    revision,
    { ...facts, kind: "result", from: facts.from === "client" ? "server" : "client" },
    { result: answer },
    { ...surroundings, request, tags: decision.tags },
  );
  const judged = reply.decision.verdict === "block" ? reply.decision : decision;
  return { facts, surroundings, before, decision: judged, shown: reply.shown };
}

function shownRefusal(refusal: Refusal): JsonObject {
  switch (refusal.kind) {
    case "result":
      return { result: refusal.result };
    case "error": {
      const { code, message, data } = refusal;
      return { error: data ? { code, message, data } : { code, message } };
    }
    case "drop":
      return {};
  }
}
