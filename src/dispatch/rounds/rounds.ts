// Requests that take more than one round: a server wants to know something first, and is told in the next one.
import { recordHead } from "../../engine/telling/record.ts";
import { INVALID_PARAMS, POLICY_FAILED } from "../../mcp/errors.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Continued, Round } from "../exchanges/passage.ts";
import { answersIn, judgeAnswers } from "./input-answers.ts";
import { askClient } from "./input-rounds.ts";
import type { Answers } from "./parked-calls.ts";
import { inputResponses, passOn } from "./passed-rounds.ts";
import { hearModel } from "./own-inquiries.ts";
import { hearSaid } from "./own-questions.ts";
import { roundsSoFar } from "./own-round.ts";
import { fetchReply, loseReply } from "./parked-results.ts";
import { type Opening, openRound, type RoundState } from "./sealed-round.ts";

export function takeRound(session: ClientSession, round: Round): void {
  if (round.passage.exchange.asker === undefined) askClient(session, round);
  else passOn(session, round);
}

/** `go` runs for what is a request of its own, and, with what its server is told, for what goes on with an earlier one. */
export function goOn(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, go: Go): void {
  const opening = exchange.asker === undefined ? undefined : openRound(session, envelope);
  switch (opening?.kind) {
    case undefined:
      return go(undefined);
    case "expired":
      return opening.state.result === undefined ? go(undefined) : loseReply(exchange);
    case "bad":
      return refuseState(session, exchange, envelope);
    case "good":
      return take(session, exchange, envelope, opening, go);
  }
}

type Go = (continued: Continued | undefined) => void;

function take(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  { state, spend }: Extract<Opening, { readonly kind: "good" }>,
  go: Go,
): void {
  const answers = answersIn(envelope, state);
  if (answers === undefined) {
    exchange.error(INVALID_PARAMS, "`inputResponses` are no answers");
    return;
  }
  let release: (() => void) | undefined;
  const isDone = spend((use) => {
    try {
      if (!exchange.isWanted) return;
      if (use === "first") takeUp(session, exchange, envelope, { state, answers }, go);
      else if (use === "again") takeTwice(session, exchange, envelope, state, go);
      else refuseRound(session, exchange, envelope, NOT_KNOWN);
    } finally {
      release?.();
    }
  });
  if (!isDone) release = session.client.lane.hold(false);
}

interface Answered {
  readonly state: RoundState;
  readonly answers: Answers;
}

function takeUp(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  { state, answers }: Answered,
  go: Go,
): void {
  const call = state.parked === undefined ? undefined : session.parked.get(state.parked);
  if (state.parked !== undefined && call === undefined) refuseState(session, exchange, envelope);
  else if (call !== undefined) call.resume(exchange, envelope, answers);
  else {
    recall(session, exchange, envelope, state);
    if (state.result === undefined)
      judgeAnswers(session, exchange, { state, answers }, (judged) => {
        exchange.call.rounds = roundsSoFar(state, judged);
        go(continuedWith(state, judged));
      });
    else fetchReply(session, exchange, state.result, (reply) => go({ ...continuedWith(state, answers), reply }));
  }
}

/** What the call has behind it. */
function recall(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, state: RoundState): void {
  for (const key of state.counted ?? []) exchange.call.counted.add(key);
  exchange.call.rounds = state;
  hearSaid(session, exchange, envelope, state);
  hearModel(session, exchange, envelope, state);
}

/** What was approved was done, or is being done; to have it done once more, somebody has to approve it once more. What was translated, is once more. */
function takeTwice(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  state: RoundState,
  go: Go,
): void {
  if (state.result !== undefined) loseReply(exchange);
  else if (state.ask === undefined && state.model === undefined) refuseState(session, exchange, envelope);
  else go(undefined);
}

/** A state says which thing it is about; it may have become another one's name since. */
export function isAbout({ server, own }: Continued, offer: { readonly server: string; readonly own: string }): boolean {
  return server === offer.server && own === offer.own;
}

export function refuseState(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  refuseRound(session, exchange, envelope, FOREIGN);
}

const FOREIGN = {
  code: INVALID_PARAMS,
  message: "Invalid or expired requestState",
  reason: "its requestState is not one of ours for this client and this request, or was used before",
};
const NOT_KNOWN = {
  code: POLICY_FAILED,
  message: "whether this requestState was used before cannot be told; try again",
  reason: "the store could not say whether its requestState was used before",
};

function refuseRound(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  { code, message, reason }: typeof FOREIGN,
): void {
  const { revision } = session.judge;
  const head = recordHead(revision, session.facts("request", envelope.method, "client", undefined));
  session.outside.command({ kind: "record", record: { ...head, verdict: "block", reason } });
  exchange.error(code, message);
}

function continuedWith(state: RoundState, answers: ReadonlyMap<string, string>): Continued {
  const { server, own, rounds, up, questions } = state;
  const told = inputResponses(answers, Object.entries(questions));
  const hasQuestions = Object.keys(questions).length > 0;
  return { server, own, rounds, members: { inputResponses: hasQuestions ? told : undefined, requestState: up } };
}
