// What a client answers to the questions of a server, in the next round of its request: each judged as the result that it is.
import { INVALID_PARAMS } from "../../mcp/errors.ts";
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { readEnvelope } from "../../message/envelope.ts";
import { keyText } from "../../message/json-bytes/key-text.ts";
import { rangeAt, rawAt } from "../../message/locate.ts";
import { MemberWalk } from "../../message/json-bytes/member-walk.ts";
import { OPEN_OBJECT } from "../../message/json-bytes/scan.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import { writeMessage } from "../wording/write-message.ts";
import type { Answers } from "./parked-calls.ts";
import { declined } from "./questions.ts";
import type { SealedQuestion } from "./sealed-question.ts";
import type { RoundState } from "./sealed-round.ts";

/** Answers to what was never asked are left out. `undefined`: they are no answers. */
export function answersIn({ bytes, params }: RequestEnvelope, { questions }: RoundState): Answers | undefined {
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["inputResponses"]);
  const answers = new Map<string, string>();
  if (range === undefined) return answers;
  if (bytes[range.start] !== OPEN_OBJECT) return undefined;
  const walk = new MemberWalk(bytes, range);
  while (walk.next()) {
    const key = keyText(bytes, walk.keyStart, walk.keyEnd);
    const isAsked = Object.hasOwn(questions, key) && questions[key]?.answer === undefined;
    if (bytes[walk.valueStart] !== OPEN_OBJECT) return undefined;
    if (isAsked) answers.set(key, rawAt(bytes, walk.value()));
  }
  return answers;
}

/** One answer as the reply to a request with this id, both as raw JSON text. */
export function replyWith(session: ClientSession, id: string, answer: string): ResultEnvelope | undefined {
  const text = `{"jsonrpc":"2.0","id":${id},"result":${answer}}`;
  const envelope = readEnvelope(Buffer.from(text), session.options.limits);
  return envelope.kind === "result" ? envelope : undefined;
}

/** `then` gets what may pass; where a rule keeps back what the server cannot be told of, the request is refused. */
export function judgeAnswers(
  session: ClientSession,
  exchange: Exchange,
  { state, answers }: { readonly state: RoundState; readonly answers: Answers },
  then: (judged: Answers) => void,
): void {
  const passed = new Map<string, string>();
  let missing = answers.size;
  if (missing === 0) then(passed);
  for (const [key, answer] of answers) {
    const question = state.questions[key];
    if (question === undefined) continue;
    judgeAnswer(session, exchange, { question, server: state.server, answer }, (text) => {
      passed.set(key, text);
      missing -= 1;
      if (missing === 0 && exchange.isWanted) then(passed);
    });
  }
}

interface Given {
  readonly question: SealedQuestion;
  readonly server: string;
  readonly answer: string;
}

export function judgeAnswer(
  session: ClientSession,
  exchange: Exchange,
  { question, server, answer }: Given,
  then: (text: string) => void,
): void {
  const envelope = replyWith(session, "0", answer);
  if (envelope === undefined) {
    exchange.error(INVALID_PARAMS, "an answer in `inputResponses` is no result");
    return;
  }
  const { method } = question;
  const facts = session.facts("result", method, "client", server);
  const asked = { tags: [], secrets: [], request: () => requestOf(question) };
  const options = session.link(server)?.options;
  session.judge.hear(session.client.lane, { facts, envelope, server: options, asked }, (judged) => {
    const decline = declined(method);
    if (judged.decision.verdict === "allow") {
      const written = replyIn(session, Buffer.concat(writeMessage(envelope, judged, { id: "0", placements: [] })));
      then(written === undefined ? answer : rawAt(written.bytes, written.result));
    } else if (decline !== undefined) then(decline);
    else answerRefused(exchange, facts, judged);
  });
}

function replyIn({ options }: ClientSession, bytes: Buffer): ResultEnvelope | undefined {
  const envelope = readEnvelope(bytes, options.limits);
  return envelope.kind === "result" ? envelope : undefined;
}

function requestOf({ method, params }: SealedQuestion): JsonValue {
  const value = params === undefined ? undefined : (JSON.parse(params) as JsonValue);
  return isJsonObject(value) ? { method, params: value } : { method };
}
