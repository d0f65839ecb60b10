// Answers that are none yet: a server wants to know something first, and says so as its era does.
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { composeRequest, composeResult } from "../../message/compose.ts";
import { parseContent } from "../../message/content.ts";
import type { ErrorEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { readEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { codeOf } from "../exchanges/error-code.ts";
import type { Judged } from "../judge.ts";
import type { Reply } from "../peers/peer.ts";
import { takesTasks } from "../tasks/form.ts";
import { type Crossing, resultTypeOf } from "../wording/crossing.ts";
import { URL_ELICITATION_REQUIRED } from "../wording/elicitations.ts";
import { writeMessage } from "../wording/write-message.ts";
import { ASKING_METHODS, type InputRequired, type Question, readInputRequired } from "./input-required.ts";

/** `undefined`: it is an answer. A text: it cannot be used, and why, as one clause. */
export function unfinished(
  session: ClientSession,
  crossing: Crossing,
  reply: Reply,
  judged: Judged,
): InputRequired | string | undefined {
  const { exchange, envelope, link } = crossing;
  const isAsking = ASKING_METHODS.has(envelope.method);
  if (link.era === "modern") {
    if (reply.kind === "error" || resultTypeOf(reply) === "complete") return undefined;
    if (resultTypeOf(reply) === "task" && envelope.method === "tools/call" && takesTasks(session, link, exchange))
      return hasTaskId(reply) ? undefined : "it names no task";
    return isAsking ? inResult(session, crossing, reply, judged) : "its type is not known here";
  }
  if (exchange.asker === undefined || reply.kind !== "error" || !isAsking) return undefined;
  return codeOf(reply.bytes, reply.error) === URL_ELICITATION_REQUIRED
    ? inError(session, crossing, reply, judged)
    : undefined;
}

function hasTaskId({ bytes, result }: ResultEnvelope): boolean {
  return textAt(bytes, rangeAt(bytes, result, ["taskId"])) !== undefined;
}

function inResult(
  { options }: ClientSession,
  { exchange }: Crossing,
  reply: ResultEnvelope,
  judged: Judged,
): InputRequired | string {
  const written = Buffer.concat(writeMessage(reply, judged, { id: exchange.id, placements: [] }));
  const carrier = readEnvelope(written, options.limits);
  const isKnown = resultTypeOf(reply) === "input_required" && carrier.kind === "result";
  return isKnown ? readInputRequired(carrier, options.limits) : "its type is not known here";
}

/** The modern era has given that error up: there it is a question like any other (2025-11-25, Elicitation, URL Mode). */
function inError(
  session: ClientSession,
  { exchange }: Crossing,
  reply: ErrorEnvelope,
  { before, decision }: Judged,
): InputRequired | string {
  const { error } = before === undefined ? parseContent(reply) : decision.content;
  const details = isJsonObject(error) ? error["data"] : undefined;
  const wanted = isJsonObject(details) ? details["elicitations"] : undefined;
  const { limits } = session.options;
  const carrier = readEnvelope(composeResult(exchange.id, { resultType: "input_required" }), limits);
  const entries = isJsonArray(wanted) ? wanted : [];
  const questions = entries.flatMap((entry, index) => questionOf(session, entry, index));
  if (carrier.kind !== "result" || questions.length === 0) return "it names no URL to be visited";
  return { carrier, questions, state: undefined };
}

function questionOf({ options }: ClientSession, entry: JsonValue, index: number): readonly Question[] {
  if (!isJsonObject(entry)) return [];
  const { elicitationId: _id, ...rest } = entry;
  const bytes = composeRequest("0", "elicitation/create", { ...rest, mode: "url" });
  const envelope = readEnvelope(bytes, options.limits);
  return envelope.kind === "request" ? [{ key: `url-${index + 1}`, envelope }] : [];
}
