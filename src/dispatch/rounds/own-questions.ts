// The proxy's own question in a round of a modern client's request: put in the answer to it, and answered when the client asks again (2026-07-28, Multi Round-Trip Requests).
import { rangeAt } from "../../message/locate.ts";
import type { RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { jsonText } from "../../message/json-text.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { SERVER_INFO } from "../../message/modern-meta.ts";
import type { ClientSession } from "../client-session.ts";
import type { Exchange } from "../exchange.ts";
import { HOLDS_FOR, type Said } from "../gates/approval.ts";
import { answerIn, formOf } from "../gates/ask-form.ts";
import type { RoundsSoFar } from "../gates/logical-call.ts";
import type { OpenQuestion } from "../gates/open-questions.ts";
import type { Asked } from "../judge.ts";
import type { Answers } from "./parked-calls.ts";
import { parkResult } from "./parked-results.ts";
import { requestText } from "./sealed-question.ts";
import { type ParkedResult, type RoundState, sealRound, subjectOf } from "./sealed-round.ts";

/** No server may use a key that begins as this one does. */
const OURS = "mcprules.approve";

export interface Asking {
  /** Who waits for the answer to the client's request. */
  readonly exchange: Exchange;
  readonly request: RequestEnvelope;
  /** The thing's server, and its own word for it. */
  readonly server: string;
  readonly own: string;
  /** All of them are put as one. */
  readonly questions: readonly OpenQuestion[];
  /** What waits for the answer, where it is no request. */
  readonly result?: ParkedResult;
}

/** False: nobody can be asked so. */
export function putInRound(session: ClientSession, asking: Asking): boolean {
  const { exchange, request, server, own, questions, result } = asking;
  const { call } = exchange;
  const soFar = call.rounds ?? { rounds: 0, questions: {} };
  // What it asked before its answer came is over.
  const {
    rounds,
    up,
    questions: theirs,
  }: RoundsSoFar = result === undefined ? soFar : { rounds: soFar.rounds, questions: {} };
  const askedAt = session.outside.now;
  const until = questions.reduce((first, question) => Math.min(first, question.until), Number.POSITIVE_INFINITY);
  const ask = {
    digests: questions.map(({ digest }) => digest),
    ids: questions.map(({ id }) => id),
    askedAt,
    tries: call.tries,
  };
  const state = { server, own, rounds, up, questions: theirs, said: call.said, ask, result, counted: call.countedKeys };
  const sealed = sealRound(session, request, state, until - askedAt);
  if (sealed === undefined) return false;
  for (const question of questions) session.questions.add(subjectOf(session), question);
  exchange.answer([roundText(exchange, questions, theirs, sealed)]);
  return true;
}

/** A little longer than there is for the answer. */
const GRACE = 30_000;

/** `left`: the client does not wait any more. */
export type Then = (outcome: "asked" | "left" | "no way to ask") => void;

/** The result waits for the answer. `asked`: what its rules know of the request. */
export function askAboutResult(
  session: ClientSession,
  asking: Asking,
  reply: ResultEnvelope,
  asked: Asked | undefined,
  then: Then,
): void {
  const { exchange, questions } = asking;
  const until = questions.reduce((last, question) => Math.max(last, question.until), 0);
  parkResult(session, reply, asked, until - session.outside.now + GRACE, (result) => {
    if (!exchange.isWanted) then("left");
    else if (result === undefined) then("no way to ask");
    else then(putInRound(session, { ...asking, result }) ? "asked" : "no way to ask");
  });
}

function roundText(
  { id, asker }: Exchange,
  questions: readonly OpenQuestion[],
  theirs: RoundState["questions"],
  sealed: string,
): Buffer {
  const text = questions.map((question) => question.text).join("\n\n");
  const params = jsonText(formOf(MODERN_REVISIONS[0], text));
  // What the server has asked before and not been told goes with it: one retry answers both.
  const open = Object.entries(theirs).filter(([, { answer }]) => answer === undefined);
  const requests = [
    `${JSON.stringify(OURS)}:${requestText({ method: "elicitation/create", params })}`,
    ...open.map(([key, question]) => `${JSON.stringify(key)}:${requestText(question)}`),
  ];
  const members = [
    '"resultType":"input_required"',
    `"inputRequests":{${requests.join(",")}}`,
    `"requestState":${jsonText(sealed)}`,
    `"_meta":${jsonText({ [SERVER_INFO]: asker?.proxy ?? {} })}`,
  ];
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{${members.join(",")}}}`);
}

/** What the human says holds for the messages with those digests, and for no other. */
export function hearSaid(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  state: RoundState,
): void {
  const { call } = exchange;
  const { said = [], ask } = state;
  call.said = said;
  if (ask === undefined) return;
  const { bytes, params } = envelope;
  for (const id of ask.ids) session.questions.remove(id);
  call.tries = ask.tries;
  const range = params && rangeAt(bytes, params, ["inputResponses", OURS]);
  if (range === undefined) return;
  const { now } = session.outside;
  const outcome = answerIn(bytes, range);
  const by = session.principal.user && session.outside.mask(session.principal.user.id);
  const { askedAt } = ask;
  const until = now + HOLDS_FOR;
  const answered = ask.digests.map((digest): Said => {
    return { digest, outcome, channel: "elicitation", askedAt, decidedAt: now, by, until };
  });
  call.said = [...said, ...answered];
}

/** The server's questions with what it will be told, should its request have to be asked about first. */
export function roundsSoFar({ rounds, up, questions }: RoundState, answers: Answers): RoundsSoFar {
  const answered = Object.entries(questions).map(([key, question]) => {
    const answer = answers.get(key);
    return [key, answer === undefined ? question : { ...question, answer }] as const;
  });
  return { rounds, up, questions: Object.fromEntries(answered) };
}
