// One message put to the policy the way the proxy does it, and what the other side sees of it then.
import { decide, decideByIdentity } from "../../engine/decide.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { Asking, Content, Decision } from "../../engine/decision.ts";
import type { Facts, Surroundings } from "../../engine/facts.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { refuse, unknownThing, type Refusal } from "../../engine/telling/refusal.ts";
import { select } from "../../engine/matching/select.ts";
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import type { GateNote } from "./gate-note.ts";
import { passGates, type Gated } from "./gates.ts";
import type { Outside } from "./outside.ts";
import type { Carried } from "./test-message.ts";
import type { ThingOutcome } from "../explain/thing-outcome.ts";

/** A message and what became of it: what `expect` looks at. */
export interface Outcome {
  readonly facts: Facts;
  readonly surroundings: Surroundings;
  /** Before any rule, in the server's own names. */
  readonly before: Content;
  readonly decision: Decision;
  /** What became of the things of a list that came back, or of the one that a hidden call means. */
  readonly things?: readonly ThingOutcome[];
  /** What a human, counters and the like had to do with it. */
  readonly gates: readonly GateNote[];
  /** `{method, params}`, `{result}` or `{error}` as the other side gets it, or its sender when it is refused; the question while a human is asked; empty: dropped. */
  readonly shown: JsonObject;
}

/** A message as it comes, in the server's own names. */
export interface Incoming {
  readonly facts: Facts;
  readonly content: Content;
  readonly surroundings: Surroundings;
}

export interface Judged {
  readonly outcome: Outcome;
  /** As the message leaves it. */
  readonly outside: Outside;
}

export function* judge(revision: Revision, incoming: Incoming, outside: Outside): Asking<Judged> {
  const decided = yield* decisionOn(revision, incoming);
  const gated = passGates(decided, { facts: incoming.facts, now: incoming.surroundings.now }, outside);
  return yield* conclude(revision, incoming, gated);
}

/** A thing outside the catalogue: refused by what hides it, whatever the rules for calls say, and answered as a name nobody knows. */
export function* judgeUnlisted(
  revision: Revision,
  incoming: Incoming,
  thing: ThingOutcome,
  written: Carried,
): Asking<Outcome> {
  const { facts, content, surroundings } = incoming;
  const decision = yield* decisionOn(revision, incoming);
  const refusal: Refusal = facts.kind === "notification" ? { kind: "drop" } : unknownThing(written.thing, written.name);
  const { place: _, ...rest } = decision.record;
  const { rule = "default", place } = thing.record;
  const reason = `the ${written.thing} is hidden`;
  const record: DecisionRecord = { ...rest, verdict: "block", rule, ...(place !== undefined && { place }), reason };
  return {
    facts,
    surroundings,
    before: content,
    decision: { ...decision, verdict: "block", rule, reason, record },
    things: [thing],
    gates: [],
    shown: shownRefusal(refusal),
  };
}

export function isReply(facts: Facts): boolean {
  return facts.kind === "result" || facts.kind === "error";
}

function* decisionOn(revision: Revision, { facts, content, surroundings }: Incoming): Asking<Decision> {
  const selection = select(revision, facts);
  if (selection.readsBody) return yield* decide(revision, selection, facts, content, surroundings);
  const decision = selection.byIdentity ?? decideByIdentity(revision, selection, facts, surroundings);
  return { ...decision, content };
}

function* conclude(revision: Revision, incoming: Incoming, gated: Gated): Asking<Judged> {
  const { facts, content: before, surroundings } = incoming;
  const { decision, outside, notes: gates, recalled } = gated;
  const sent = isReply(facts) ? decision.content : { method: facts.method, ...decision.content };
  const outcome = { facts, surroundings, before, decision, gates, shown: sent };
  switch (decision.verdict) {
    case "allow":
      return recalled ? yield* judgeAnswer(revision, outcome, recalled, outside) : { outcome, outside };
    case "ask":
      return { outcome: { ...outcome, shown: shownQuestion(decision.question?.text ?? "") }, outside };
    case "block":
      return { outcome: { ...outcome, shown: shownRefusal(refuse(facts, decision, revision)) }, outside };
    case "answer":
      return yield* judgeAnswer(revision, outcome, decision.answer ?? null, outside);
  }
}

/** An answer in the server's place passes the rules for results, and the verdict stays as it is if they let it. */
function* judgeAnswer(revision: Revision, outcome: Outcome, answer: JsonValue, outside: Outside): Asking<Judged> {
  const { facts, surroundings, decision } = outcome;
  const request = { method: facts.method, ...decision.content };
  const reply: Incoming = {
    facts: { ...facts, kind: "result", from: facts.from === "client" ? "server" : "client" },
    content: { result: answer },
    surroundings: { ...surroundings, request, tags: decision.tags, secrets: decision.secrets },
  };
  const judged = yield* judge(revision, reply, outside);
  const { decision: replied, shown, gates } = judged.outcome;
  const isHeld = replied.verdict === "block" || replied.verdict === "ask";
  return {
    outcome: { ...outcome, decision: isHeld ? replied : decision, gates: [...outcome.gates, ...gates], shown },
    outside: judged.outside,
  };
}

/** The way most clients are asked. */
function shownQuestion(message: string): JsonObject {
  return { method: "elicitation/create", params: { message } };
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
