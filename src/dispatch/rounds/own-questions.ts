// The proxy's own question to the human behind a modern client: put in the answer to a request, and answered when the client asks again.
import type { RequestEnvelope } from "../../message/envelope.ts";
import { jsonText } from "../../message/json-text.ts";
import { rangeAt } from "../../message/locate.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { HOLDS_FOR, type Said } from "../gates/approval.ts";
import { answerIn, formOf } from "../gates/ask-form.ts";
import type { OpenQuestion } from "../gates/open-questions.ts";
import type { Asked } from "../judge.ts";
import type { Reply } from "../peers/peer.ts";
import { type Asking, putAboutReply, putInRound, type Then } from "./own-round.ts";
import { type RoundState, subjectOf } from "./sealed-round.ts";

const KEY = "mcprules.approve";

/** All of them are put as one. False: nobody can be asked so. */
export function putQuestions(session: ClientSession, asking: Asking, questions: readonly OpenQuestion[]): boolean {
  const askedAt = session.outside.now;
  const until = questions.reduce((first, question) => Math.min(first, question.until), Number.POSITIVE_INFINITY);
  const text = questions.map((question) => question.text).join("\n\n");
  const params = jsonText(formOf(MODERN_REVISIONS[0], text));
  const ask = {
    digests: questions.map(({ digest }) => digest),
    ids: questions.map(({ id }) => id),
    askedAt,
    tries: asking.exchange.call.tries,
  };
  const question = { method: "elicitation/create", params };
  const isPut = putInRound(session, asking, { key: KEY, question, state: { ask }, goodForMs: until - askedAt });
  if (isPut) for (const one of questions) session.known.questions.add(subjectOf(session), one);
  return isPut;
}

/** The reply waits for the answer. `asked`: what its rules know of the request. */
export function askAboutReply(
  session: ClientSession,
  asking: Asking,
  questions: readonly OpenQuestion[],
  { reply, asked }: { readonly reply: Reply; readonly asked: Asked | undefined },
  then: Then,
): void {
  const until = questions.reduce((last, question) => Math.max(last, question.until), 0);
  const waiting = { reply, asked, forMs: until - session.outside.now };
  putAboutReply(session, asking, waiting, (kept) => putQuestions(session, kept, questions), then);
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
  for (const id of ask.ids) session.known.questions.remove(id);
  call.tries = ask.tries;
  const range = params && rangeAt(bytes, params, ["inputResponses", KEY]);
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
