// Asks in the answer to a modern client's request; what it is about - the request, or its server's result - goes on when the client asks again.
import type { Declined } from "../../engine/decision-record.ts";
import type { ResultEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../client-session.ts";
import type { Hearing } from "../judge.ts";
import { type Asking, putInRound } from "../rounds/own-questions.ts";
import { parkResult } from "../rounds/parked-results.ts";
import type { Way } from "./ask-ways.ts";
import type { OpenQuestion } from "./open-questions.ts";

type Then = (outcome: "asked" | "left" | Declined) => void;

export function askInRound(
  session: ClientSession,
  { facts, envelope, exchange, asked, takesQuestion }: Hearing,
  question: OpenQuestion,
  { request }: Extract<Way, { readonly kind: "round" }>,
  then: Then,
): void {
  if (exchange === undefined) then("no way to ask");
  else if (takesQuestion !== undefined) {
    takesQuestion(question);
    then("asked");
  } else {
    const asking = { exchange, request, server: facts.server ?? "", own: facts.name ?? "", questions: [question] };
    if (envelope.kind === "result") askAboutResult(session, asking, envelope, asked, then);
    else then(putInRound(session, asking) ? "asked" : "no way to ask");
  }
}

/** A little longer than there is for the answer. */
const GRACE = 30_000;

export function askAboutResult(
  session: ClientSession,
  asking: Asking,
  reply: ResultEnvelope,
  asked: Hearing["asked"],
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
