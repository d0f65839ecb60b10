// Requests that concern more than one server: told to all of them, or put to one after the other.
import { BLOCKED, INVALID_PARAMS, METHOD_NOT_FOUND, POLICY_FAILED, UNREACHABLE } from "../../mcp/errors.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { parseContent } from "../../message/content.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Answered, Exchange } from "../exchanges/exchange.ts";
import { forward } from "../forward.ts";
import { whenReady } from "../life/server-life.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import type { ServerLink } from "../peers/server-link.ts";

/** `logging/setLevel`: one answer for all, good if one of them took it; servers that come later, or again, are told then. */
export function requestLogLevel(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const { bytes, params, method } = envelope;
  const level = params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["level"]));
  if (level === undefined) {
    exchange.error(INVALID_PARAMS, `\`${method}\` needs a \`level\``);
    return;
  }
  const logging = session.links.filter((link) => link.capability("logging") !== undefined);
  if (logging.length === 0 && !session.links.some((link) => link.isComing)) {
    exchange.error(METHOD_NOT_FOUND, "no server logs");
    return;
  }
  const able = logging.filter((link) => link.isReady || link.isExpected);
  const answers: Answered[] = [];
  const settle = (): void => {
    const answer = answers.find(({ code }) => code === undefined) ?? answers[0];
    if (answer?.code === undefined) session.logLevel = level;
    if (answer === undefined) exchange.result({});
    else exchange.answer(answer.bytes, answer.code);
  };
  if (able.length === 0) settle();
  for (const link of able) {
    const part = exchange.part((answer) => {
      if (answer === undefined) return;
      answers.push(answer);
      if (answers.length === able.length) settle();
    });
    if (link.era === "modern" || !link.isReady) heed(session, part, envelope, link);
    else put(session, part, envelope, link);
  }
}

/** A modern server is told with every request, and one that is not up yet when it is. */
function heed(session: ClientSession, part: Exchange, envelope: RequestEnvelope, link: ServerLink): void {
  const facts = session.facts("request", envelope.method, "client", link.name);
  session.judge.hear(session.client.lane, { facts, envelope, server: link.options, exchange: part }, (judged) => {
    const { before, decision, revision } = judged;
    if (decision.verdict !== "allow") answerRefused(part, facts, judged);
    else {
      const { params } = before === undefined ? parseContent(envelope) : decision.content;
      if (!link.isReady && isJsonObject(params)) link.levelToTell = { params, revision };
      part.result({});
    }
  });
}

/** A method MCP does not know: whoever knows it answers; what was refused for one server is still asked of the next. */
export function requestUnknown(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const known = session.links.filter((link) => link.introduction !== undefined);
  const ready = known.filter((link) => link.isReady || link.isExpected);
  const [first] = known;
  if (first === undefined) exchange.error(METHOD_NOT_FOUND, `no server knows \`${envelope.method}\``);
  else if (ready.length > 0) tryFrom(session, exchange, envelope, ready, undefined);
  else whenReady(session, first, exchange, () => requestUnknown(session, exchange, envelope));
}

/** `kept`: the first answer that says more than that the method is unknown. */
function tryFrom(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  [link, ...rest]: readonly ServerLink[],
  kept: Answered | undefined,
): void {
  if (link === undefined) return;
  const part = exchange.part((answer) => {
    if (answer === undefined) return;
    const isFinal = !isNoAnswer(answer);
    const best = kept ?? answer;
    const better = best.code === METHOD_NOT_FOUND ? answer : best;
    if (isFinal) exchange.answer(answer.bytes, answer.code);
    else if (rest.length > 0) tryFrom(session, exchange, envelope, rest, better);
    else exchange.answer(better.bytes, better.code);
  });
  put(session, part, envelope, link);
}

/** Unknown there, refused by a rule for that server, or not to be reached: another server may still have an answer. */
function isNoAnswer({ code }: Answered): boolean {
  return code === METHOD_NOT_FOUND || code === BLOCKED || code === POLICY_FAILED || code === UNREACHABLE;
}

function put(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, link: ServerLink): void {
  if (!link.isReady && link.isExpected) {
    whenReady(session, link, exchange, () => put(session, exchange, envelope, link));
    return;
  }
  const facts = session.facts("request", envelope.method, "client", link.name);
  forward(session, { exchange, envelope, facts, from: session.client, to: link, link });
}
