// A modern client and a modern server that wants to know something: each question is judged as the request it is, and goes to the client with our seal.
import type { Facts } from "../../engine/facts.ts";
import { DECLINED, INTERNAL_ERROR, MISSING_CAPABILITY } from "../../mcp/errors.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import { jsonText } from "../../message/json-text.ts";
import { rawAt } from "../../message/locate.ts";
import { SERVER_INFO } from "../../message/eras/modern-meta.ts";
import { rewordWritten } from "../../message/eras/reword.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { OpenQuestion } from "../gates/open-questions.ts";
import type { Hearing, Judged } from "../judge.ts";
import type { Round } from "../exchanges/passage.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { narrowedContext } from "../wording/narrowed-context.ts";
import { writeMessage } from "../wording/write-message.ts";
import { judgeAnswer } from "./input-answers.ts";
import { askAboutReply } from "./own-questions.ts";
import type { Question } from "./input-required.ts";
import { declined, lackingCapability } from "./questions.ts";
import { requestText, type SealedQuestion } from "./sealed-question.ts";
import { sealRound } from "./sealed-round.ts";

export function passOn(session: ClientSession, round: Round): void {
  const { passage, asked } = round;
  const weighed = new Map<string, SealedQuestion>();
  const unapproved: OpenQuestion[] = [];
  const settle = (): void => {
    if (weighed.size + unapproved.length < asked.questions.length || !passage.exchange.isWanted) return;
    if (unapproved.length === 0) askThrough(session, round, weighed);
    else askFirst(session, round, unapproved);
  };
  if (asked.questions.length === 0) settle();
  for (const question of asked.questions) {
    const weighing = { ...passage, clientsRequest: passage.envelope, facts: round.facts };
    weigh(session, { ...weighing, takesQuestion: takerOf(unapproved, settle) }, question, (sealed) => {
      weighed.set(question.key, sealed);
      settle();
    });
  }
}

function takerOf(taken: OpenQuestion[], settle: () => void): Weighing["takesQuestion"] {
  return (question) => {
    taken.push(question);
    settle();
  };
}

/** What the server asks is put to the client only once a human has said that it may be: in the next round. */
function askFirst(session: ClientSession, { passage, reply, sent }: Round, questions: readonly OpenQuestion[]): void {
  const { exchange, envelope: request, link, facts } = passage;
  const asking = { exchange, request, server: link.name, own: facts.name ?? "" };
  askAboutReply(session, asking, questions, { reply, asked: sent }, (outcome) => {
    if (outcome === "asked" || outcome === "left") return;
    exchange.error(DECLINED, "what the server asks needs somebody's approval, and nobody can be asked");
  });
}

export interface Weighing {
  /** The client's request, in whose answer the server asks. */
  readonly exchange: Exchange;
  readonly link: ServerLink;
  /** Of that answer. */
  readonly facts: Facts;
  /** What the client asked, where it can be asked in the answer to that. */
  readonly clientsRequest?: RequestEnvelope;
  readonly takesQuestion?: Hearing["takesQuestion"];
}

export function weigh(
  session: ClientSession,
  { exchange, link, facts: askingFacts, clientsRequest, takesQuestion }: Weighing,
  { envelope }: Question,
  then: (sealed: SealedQuestion) => void,
): void {
  const { method } = envelope;
  const lacking = lackingCapability(exchange.asker?.greeting.capabilities ?? {}, envelope);
  if (lacking !== undefined) {
    const message = `the server \`${link.name}\` asks for ${lacking}, which the client does not support`;
    exchange.error(MISSING_CAPABILITY, message, { requiredCapabilities: nested(lacking.split(".")) });
    return;
  }
  const facts = session.facts("request", method, "server", link.name);
  const inward = narrowedContext(session, envelope);
  const waiting = clientsRequest === undefined ? {} : { exchange, clientsRequest, takesQuestion };
  session.judge.hear(link.lane, { facts, envelope, server: link.options, inward, ...waiting }, (judged) => {
    const { verdict, answer } = judged.decision;
    const decline = declined(method);
    if (verdict === "allow") then({ method, params: paramsAfter(session, envelope, judged) });
    else if (verdict === "answer") {
      const given = { question: { method }, server: link.name, answer: jsonText(answer ?? null) };
      judgeAnswer(session, exchange, given, (text) => then({ method, answer: text }));
    } else if (decline !== undefined) then({ method, answer: decline });
    else answerRefused(exchange, askingFacts, judged);
  });
}

function nested([key, ...rest]: readonly string[]): JsonObject {
  return key === undefined ? {} : { [key]: nested(rest) };
}

/** As raw JSON text. */
function paramsAfter(session: ClientSession, envelope: RequestEnvelope, judged: Judged): string | undefined {
  const placements = narrowedContext(session, envelope);
  const written = Buffer.concat(writeMessage(envelope, judged, { id: envelope.id, placements }));
  const read = readEnvelope(written, session.options.limits);
  return read.kind === "request" && read.params !== undefined ? rawAt(read.bytes, read.params) : undefined;
}

/** Where a rule keeps all of it from the client, the proxy does that round by itself. */
function askThrough(session: ClientSession, round: Round, weighed: ReadonlyMap<string, SealedQuestion>): void {
  const { asked, passage, number } = round;
  const open = [...weighed].filter(([, { answer }]) => answer === undefined);
  if (weighed.size > 0 && open.length === 0) {
    round.again({ inputResponses: inputResponses(new Map(), weighed), requestState: asked.state });
    return;
  }
  const { exchange, envelope, link, facts } = passage;
  const counted = exchange.call.countedKeys;
  const state = {
    server: link.name,
    own: facts.name ?? "",
    rounds: number,
    up: asked.state,
    counted,
    said: exchange.call.said,
    heard: exchange.call.heard,
  };
  const sealed = sealRound(session, envelope, { ...state, questions: Object.fromEntries(weighed) });
  if (sealed === undefined) {
    exchange.error(INTERNAL_ERROR, `what the server \`${link.name}\` wants to be told again is too long`);
    return;
  }
  const requests = open.map(([key, question]) => `${JSON.stringify(key)}:${requestText(question)}`);
  const members = {
    inputRequests: requests.length === 0 ? undefined : `{${requests.join(",")}}`,
    requestState: jsonText(sealed),
    ttlMs: undefined,
    cacheScope: undefined,
  };
  const meta = { [SERVER_INFO]: jsonText(exchange.asker?.proxy ?? {}) };
  exchange.answer(rewordWritten([asked.carrier.bytes], { members, meta }));
}

/** What the client said, then what was said in its place. */
export function inputResponses(
  answers: ReadonlyMap<string, string>,
  questions: Iterable<readonly [string, SealedQuestion]>,
): string {
  const ours = [...questions].flatMap(([key, { answer }]): [string, string][] =>
    answer === undefined ? [] : [[key, answer]],
  );
  const members = [...answers, ...ours].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  return `{${members.join(",")}}`;
}
