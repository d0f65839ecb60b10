// A legacy client and a modern server that wants to know something: the client is asked as it knows it, and the request is sent again with the answers.
import type { Content } from "../../engine/decision.ts";
import { BLOCKED, DECLINED, INTERNAL_ERROR, OVER_LIMIT, POLICY_FAILED } from "../../mcp/errors.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { readEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt, textAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { type Answered, Exchange } from "../exchanges/exchange.ts";
import type { Adaptation, Round } from "../exchanges/passage.ts";
import { putQuestion } from "../put-question.ts";
import type { Question } from "./input-required.ts";
import { declined, lackingCapability, modeOf } from "./questions.ts";

/** A server that only wants to be asked again is given a moment, in milliseconds; so do the official clients. */
const PACE = 250;

export function askClient(session: ClientSession, round: Round): void {
  const { questions, state } = round.asked;
  const resume = pause(session, round);
  const goOn = (inputResponses: string | undefined): void => {
    resume();
    round.again({ inputResponses, requestState: state });
  };
  if (questions.length === 0) session.outside.after(PACE, () => goOn(undefined));
  const answers: string[] = [];
  for (const question of questions) {
    ask(session, round, question, (answer) => {
      answers.push(`${JSON.stringify(question.key)}:${answer}`);
      if (answers.length === questions.length) goOn(`{${answers.join(",")}}`);
    });
  }
}

/** Nothing is open at the server meanwhile; should it end, nobody needs to answer any more. The function that is returned ends that. */
function pause({ outside }: ClientSession, { passage }: Round): () => void {
  const { exchange, link } = passage;
  const id = link.mint();
  link.awaited.set(id, {
    origin: passage,
    onReply: () => undefined,
    onLost: (code, message) => {
      for (const part of exchange.parts) part.cancel();
      exchange.error(code, outside.mask(message));
    },
  });
  const forget = (): void => void link.awaited.delete(id);
  exchange.sent = { server: link.name, id, send: () => undefined, forget };
  return () => {
    forget();
    exchange.sent = undefined;
  };
}

/** `then` gets the answer as raw JSON text; where there is none, the request fails. */
function ask(session: ClientSession, round: Round, { envelope }: Question, then: (answer: string) => void): void {
  const { exchange: asked, link } = round.passage;
  if (!asked.isWanted) return;
  const lacking = lackingCapability(session.capabilities, envelope);
  if (lacking !== undefined) {
    asked.error(INTERNAL_ERROR, `the server \`${link.name}\` asks for ${lacking}, which the client does not support`);
    return;
  }
  const exchange = new Exchange(envelope.id, undefined, (answer) => {
    if (answer !== undefined) hear(session, asked, { method: envelope.method, answer }, then);
  });
  exchange.stream = asked.stream;
  // Whoever cancels the request cancels its questions.
  asked.parts = [...asked.parts, exchange];
  const isByUrl = modeOf(envelope) === "url";
  const adapt: Adaptation = (content) => withElicitationId(content, session.options.token());
  putQuestion(session, { exchange, envelope, link, adapt: isByUrl ? adapt : undefined });
}

/** The legacy era knows every URL that it asks for by an id. */
function withElicitationId(content: Content, elicitationId: string): Content {
  const { params } = content;
  return isJsonObject(params) ? { ...content, params: { ...params, elicitationId } } : content;
}

interface Heard {
  readonly method: string;
  readonly answer: Answered;
}

const REFUSED: ReadonlySet<number> = new Set([BLOCKED, DECLINED, OVER_LIMIT, POLICY_FAILED]);

function hear(
  session: ClientSession,
  asked: Exchange,
  { method, answer }: Heard,
  then: (answer: string) => void,
): void {
  const { bytes, code } = answer;
  const envelope = readEnvelope(Buffer.concat(bytes), session.options.limits);
  const decline = code === undefined ? undefined : declined(method);
  if (envelope.kind === "result") then(rawAt(envelope.bytes, envelope.result));
  else if (decline !== undefined && (REFUSED.has(code ?? 0) || method === "elicitation/create")) then(decline);
  else {
    const message =
      envelope.kind === "error"
        ? textAt(envelope.bytes, rangeAt(envelope.bytes, envelope.error, ["message"]))
        : undefined;
    asked.error(code ?? INTERNAL_ERROR, message ?? `\`${method}\` was not answered`);
  }
}
