// Counts a message for all limits it falls under, or for none; what is over one is refused, asked about, or answered in its server's place.
import type { Decision, Question, Reservation } from "../../engine/decision.ts";
import { overReason } from "../../engine/gates/gate-texts.ts";
import { placeText } from "../../engine/telling/record.ts";
import { OVER_LIMIT, POLICY_FAILED } from "../../mcp/errors.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Gated, Judged } from "../judge.ts";
import type { StoreAnswer } from "./store-need.ts";
import type { Gate, GateOutcome } from "./gate.ts";
import { LogicalCall } from "./logical-call.ts";
import { failedOpen, recorded, refused, uncountedFor } from "./refused.ts";

/** `ask`: where a message that is over a limit is put to a human. */
export function limitGate(session: ClientSession, ask: Gate): Gate {
  const gate: Gate = (gated, then) => {
    const { judged, hearing } = gated;
    if (judged.decision.limits.length === 0) then({ kind: "judged", judged });
    else if (hearing.isPart === true) then({ kind: "judged", judged: uncountedFor(judged) });
    else count(session, { gated, call: hearing.exchange?.call ?? new LogicalCall(), hand: then, ask, gate });
  };
  return gate;
}

interface Counting {
  readonly gated: Gated;
  readonly call: LogicalCall;
  readonly hand: (outcome: GateOutcome) => void;
  readonly ask: Gate;
  /** To begin again, where something came in between. */
  readonly gate: Gate;
}

/** What is part of a call that has its share already takes no other one. */
function count(session: ClientSession, counting: Counting): void {
  const { gated, call, hand } = counting;
  const { judged, hearing, lane } = gated;
  call.countInTurn((done) => {
    const shares = judged.decision.limits.filter(({ key }) => !call.counted.has(key));
    if (shares.length === 0) {
      done();
      hand({ kind: "judged", judged: uncountedFor(judged) });
      return;
    }
    const release = lane.hold(hearing.facts.kind === "notification");
    const reservations = shares.map((share) => inStore(share, hearing.facts.principal.profile));
    session.outside.askStore({ kind: "reserve", reservations }, (answer) => {
      if (answer.kind === "reserved") for (const { key } of shares) call.counted.add(key);
      done();
      try {
        settle(session, counting, shares, answer);
      } finally {
        release();
      }
    });
  });
}

/** Rules are known by their ids within a profile. */
function inStore({ key, count: most, amount, perMs }: Reservation, profile: string | undefined) {
  return { key: JSON.stringify([profile ?? null, key]), count: most, amount, perMs };
}

function settle(session: ClientSession, counting: Counting, shares: readonly Reservation[], answer: StoreAnswer): void {
  const { gated, hand } = counting;
  const { judged } = gated;
  const over = answer.kind === "over" ? shares[answer.index] : undefined;
  const limits = [...new Set(shares.map(({ rule }) => rule))];
  if (answer.kind === "reserved") hand({ kind: "judged", judged: recorded(judged, { limits }) });
  else if (answer.kind === "over" && over !== undefined) goOver(counting, over, answer.retryAfterMs);
  else {
    const reason = answer.kind === "failed" ? answer.reason : `the store said \`${answer.kind}\``;
    hand({ kind: "judged", judged: uncounted(judged, shares, session.outside.mask(reason)) });
  }
}

function goOver({ gated, call, hand, ask, gate }: Counting, over: Reservation, retryAfterMs: number): void {
  const judged = recorded(gated.judged, { over: over.rule });
  const { otherwise } = over;
  // Its `count` is what there is at all.
  const isEver = over.amount <= over.count;
  switch (otherwise.kind) {
    case "block": {
      const { rule, place } = over;
      const { reason, asError } = otherwise;
      const told = overReason(reason, rule, isEver ? retryAfterMs : undefined);
      const when = isEver ? { retryAfterMs } : {};
      const refusal = { code: OVER_LIMIT, rule, place, reason: told, asError, ...when };
      hand({ kind: "judged", judged: refused(judged, refusal) });
      return;
    }
    case "answer":
      hand({ kind: "judged", judged: answered(judged, over, otherwise) });
      return;
    case "ask": {
      const asked = asking(judged, over, otherwise.question);
      ask({ ...gated, judged: asked }, (outcome) => {
        if (outcome.kind !== "judged" || outcome.judged.decision.verdict === "block") hand(outcome);
        else {
          call.counted.add(over.key);
          gate({ ...gated, judged: outcome.judged }, hand);
        }
      });
    }
  }
}

function answered(judged: Judged, { rule, place }: Reservation, { answer }: Pick<Decision, "answer">): Judged {
  const told = recorded(judged, { verdict: "answer", rule, place: placeText(place) });
  return { ...told, decision: { ...told.decision, verdict: "answer", rule, answer } };
}

function asking(judged: Judged, { rule, place }: Reservation, question: Question): Judged {
  const told = recorded(judged, { verdict: "ask", rule, place: placeText(place), asked: question.rules });
  return { ...told, decision: { ...told.decision, verdict: "ask", rule, question } };
}

/** Refused, unless every rule that counts would rather let it pass. */
function uncounted(judged: Judged, shares: readonly Reservation[], reason: string): Judged {
  const closed = shares.find(({ failsOpen }) => failsOpen !== true);
  if (closed !== undefined) {
    return refused(judged, {
      code: POLICY_FAILED,
      rule: closed.rule,
      place: closed.place,
      reason: `The policy could not be applied (${closed.rule}).`,
      recordReason: `it could not be counted for its limit: ${reason}`,
    });
  }
  const opened = shares.map(({ rule }) => rule);
  return failedOpen(uncountedFor(judged), opened);
}
