// Requests that take more than one round: a server wants to know something first, and is told in the next one.
import { recordHead } from "../../engine/record.ts";
import { INVALID_PARAMS } from "../../mcp/errors.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../client-session.ts";
import type { Exchange } from "../exchange.ts";
import type { Continued, Round } from "../passage.ts";
import { answersIn, judgeAnswers } from "./input-answers.ts";
import { askClient } from "./input-rounds.ts";
import { inputResponses, passOn } from "./passed-rounds.ts";
import { openRound, type RoundState } from "./sealed-round.ts";

export function takeRound(session: ClientSession, round: Round): void {
  if (round.passage.exchange.asker === undefined) askClient(session, round);
  else passOn(session, round);
}

/** `go` runs for what is a request of its own, and, with what its server is told, for what goes on with an earlier one. */
export function goOn(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  go: (continued: Continued | undefined) => void,
): void {
  const opening = exchange.asker === undefined ? undefined : openRound(session, envelope);
  if (opening === undefined || opening.kind === "expired") {
    go(undefined);
    return;
  }
  if (opening.kind === "bad") {
    refuseState(session, exchange, envelope);
    return;
  }
  const { state, spend } = opening;
  const answers = answersIn(envelope, state);
  const call = state.parked === undefined ? undefined : session.parked.get(state.parked);
  if (answers === undefined) exchange.error(INVALID_PARAMS, "`inputResponses` are no answers");
  else if (!spend() || (state.parked !== undefined && call === undefined)) refuseState(session, exchange, envelope);
  else if (call !== undefined) call.resume(exchange, envelope, answers);
  else judgeAnswers(session, exchange, { state, answers }, (judged) => go(continuedWith(state, judged)));
}

/** A state says which thing it is about; it may have become another one's name since. */
export function isAbout({ server, own }: Continued, offer: { readonly server: string; readonly own: string }): boolean {
  return server === offer.server && own === offer.own;
}

export function refuseState(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const { revision } = session.judge;
  const head = recordHead(revision, session.facts("request", envelope.method, "client", undefined));
  const reason = "its requestState is not one of ours for this client and this request, or was used before";
  session.outside.command({ kind: "record", record: { ...head, verdict: "block", reason } });
  exchange.error(INVALID_PARAMS, "Invalid or expired requestState");
}

function continuedWith(state: RoundState, answers: ReadonlyMap<string, string>): Continued {
  const { server, own, rounds, up, questions } = state;
  const told = inputResponses(answers, Object.entries(questions));
  const hasQuestions = Object.keys(questions).length > 0;
  return { server, own, rounds, members: { inputResponses: hasQuestions ? told : undefined, requestState: up } };
}
