// How a task stands, as a modern server tells it: with its outcome, which is judged as the reply it is, or with questions, each judged as the request it is.
import { refuse } from "../../engine/telling/refusal.ts";
import { INTERNAL_ERROR } from "../../mcp/errors.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { readEnvelope } from "../../message/envelope.ts";
import { jsonText } from "../../message/json-text.ts";
import { rangeAt, rawAt } from "../../message/locate.ts";
import { completeResult } from "../../message/eras/modern-meta.ts";
import type { Range } from "../../message/json-bytes/range.ts";
import { type Changes, rewordWritten } from "../../message/eras/reword.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { MessageBytes } from "../event.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Judged } from "../judge.ts";
import type { Reply } from "../peers/peer.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { resultTypeOf } from "../wording/crossing.ts";
import { resultUris } from "../wording/result-uris.ts";
import { writeMessage } from "../wording/write-message.ts";
import type { Task } from "./task-book.ts";
import type { Outcome } from "./task-ids.ts";
import { weighQuestions } from "./task-questions.ts";

export interface Detailed {
  /** Gets an error where the whole cannot be shown. */
  readonly exchange: Exchange;
  readonly link: ServerLink;
  readonly task: Task;
  readonly outcome: Outcome;
  /** A result, or a notification, that may pass but for what it carries. */
  readonly bytes: MessageBytes;
}

/** `then` gets it with what may pass of what it carries. */
export function showDetails(session: ClientSession, detailed: Detailed, then: (shown: MessageBytes) => void): void {
  const bytes = Buffer.concat(detailed.bytes);
  const envelope = readEnvelope(bytes, session.options.limits);
  const body = envelope.kind === "result" ? envelope.result : envelope.kind === "notification" && envelope.params;
  if (!body) {
    detailed.exchange.error(INTERNAL_ERROR, "what the server says of the task cannot be used");
    return;
  }
  const show = (changes: Changes): void => then(rewordWritten([bytes], { members: changes, meta: {} }));
  const questions = rangeAt(bytes, body, ["inputRequests"]);
  if (questions === undefined) judgeOutcome(session, detailed, { bytes, body }, show);
  else
    weighQuestions(session, detailed, rawAt(bytes, questions), (asked) =>
      judgeOutcome(session, detailed, { bytes, body }, (changes) => show({ ...asked, ...changes })),
    );
}

interface Body {
  readonly bytes: Buffer;
  readonly body: Range;
}

const NO_CHANGES: Changes = {};

/** One of them is there; of both the result counts. */
function judgeOutcome(
  session: ClientSession,
  detailed: Detailed,
  { bytes, body }: Body,
  then: (changes: Changes) => void,
): void {
  const kind = ["result", "error"].find((member) => rangeAt(bytes, body, [member]) !== undefined);
  const range = kind === undefined ? undefined : rangeAt(bytes, body, [kind]);
  if (kind === undefined || range === undefined) {
    then(NO_CHANGES);
    return;
  }
  const { limits } = session.options;
  const reply = readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":0,"${kind}":${rawAt(bytes, range)}}`), limits);
  const isFinal = reply.kind === "error" || (reply.kind === "result" && resultTypeOf(reply) === "complete");
  if (!isFinal) {
    detailed.exchange.error(INTERNAL_ERROR, "the outcome of the task cannot be used");
    return;
  }
  const { link, outcome } = detailed;
  const facts = { ...outcome.facts, kind: reply.kind };
  const hearing = { facts, envelope: reply, server: link.options, asked: outcome.asked };
  session.judge.hear(link.lane, hearing, (judged) => then(outcomeAfter(session, detailed, reply, judged)));
}

function outcomeAfter(
  session: ClientSession,
  { exchange, link, outcome }: Detailed,
  reply: Reply,
  judged: Judged,
): Changes {
  if (judged.decision.verdict === "allow") {
    const adapt = reply.kind === "result" ? resultUris(session, link)?.(reply) : undefined;
    const bytes = Buffer.concat(writeMessage(reply, judged, { id: "0", placements: [], adapt }));
    const whole = { start: 0, end: bytes.length };
    const range = rangeAt(bytes, whole, [reply.kind]);
    return range === undefined ? NO_CHANGES : only(reply.kind, rawAt(bytes, range));
  }
  const refusal = refuse({ ...outcome.facts, kind: reply.kind }, judged.decision, judged.revision);
  switch (refusal.kind) {
    case "result":
      return {
        status: '"completed"',
        ...only("result", jsonText(completeResult(refusal.result, exchange.asker?.proxy ?? {}))),
      };
    case "error": {
      const { code, message, data } = refusal;
      const error: JsonValue = data === undefined ? { code, message } : { code, message, data };
      return { status: '"failed"', ...only("error", jsonText(error)) };
    }
    case "drop":
      return { result: undefined, error: undefined };
  }
}

function only(kind: "result" | "error", text: string): Changes {
  return kind === "result" ? { result: text, error: undefined } : { error: text, result: undefined };
}
