// What the proxy itself asks in the answer to a modern client's request, with what the server asked before and has not been told yet (2026-07-28, Multi Round-Trip Requests).
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { RoundsSoFar } from "../gates/logical-call.ts";
import type { Asked } from "../judge.ts";
import type { Reply } from "../peers/peer.ts";
import type { Answers } from "./parked-calls.ts";
import { parkReply } from "./parked-results.ts";
import { roundText } from "./round-text.ts";
import type { SealedQuestion } from "./sealed-question.ts";
import { type ParkedResult, type RoundState, sealRound } from "./sealed-round.ts";

export interface Asking {
  /** Who waits for the answer to the client's request. */
  readonly exchange: Exchange;
  readonly request: RequestEnvelope;
  /** The thing's server, and its own word for it. */
  readonly server: string;
  readonly own: string;
  /** What waits for the answer, where it is no request. */
  readonly result?: ParkedResult;
}

export interface OwnQuestion {
  /** Begins with `mcprules.`, as no server's may. */
  readonly key: string;
  readonly question: SealedQuestion;
  /** What is known of it when its answer comes. */
  readonly state: Pick<RoundState, "ask" | "model">;
  readonly goodForMs: number;
}

/** False: nobody can be asked so. */
export function putInRound(session: ClientSession, asking: Asking, own: OwnQuestion): boolean {
  const { exchange, request, server, result } = asking;
  const { call } = exchange;
  const soFar = call.rounds ?? { rounds: 0, questions: {} };
  // What it asked before its answer came is over.
  const { rounds, up, questions }: RoundsSoFar = result === undefined ? soFar : { rounds: soFar.rounds, questions: {} };
  const { said, heard, countedKeys: counted } = call;
  const state = { server, own: asking.own, rounds, up, questions, said, heard, result, counted, ...own.state };
  const sealed = sealRound(session, request, state, own.goodForMs);
  if (sealed === undefined) return false;
  // What the server has asked before and not been told goes with it: one retry answers both.
  const open = Object.entries(questions).filter(([, { answer }]) => answer === undefined);
  exchange.answer([roundText(exchange, [[own.key, own.question], ...open], sealed)]);
  return true;
}

export interface Waiting {
  readonly reply: Reply;
  /** What its rules know of the request. */
  readonly asked: Asked | undefined;
  /** How long there is for an answer. */
  readonly forMs: number;
}

/** A little longer than there is for the answer. */
const GRACE = 30_000;

/** `left`: the client does not wait any more. */
export type Then = (outcome: "asked" | "left" | "no way to ask") => void;

/** What is asked about a reply is put once the reply is kept. */
export function putAboutReply(
  session: ClientSession,
  asking: Asking,
  { reply, asked, forMs }: Waiting,
  put: (asking: Asking) => boolean,
  then: Then,
): void {
  parkReply(session, reply, asked, forMs + GRACE, (result) => {
    if (!asking.exchange.isWanted) then("left");
    else if (result === undefined) then("no way to ask");
    else then(put({ ...asking, result }) ? "asked" : "no way to ask");
  });
}

/** The server's questions with what it will be told, should its request have to be asked about first. */
export function roundsSoFar({ rounds, up, questions }: RoundState, answers: Answers): RoundsSoFar {
  const answered = Object.entries(questions).map(([key, question]) => {
    const answer = answers.get(key);
    return [key, answer === undefined ? question : { ...question, answer }] as const;
  });
  return { rounds, up, questions: Object.fromEntries(answered) };
}
