// What a legacy server asks a modern client: judged like any question, and put to the client with the call that it is about.
import type { Content } from "../../engine/decision.ts";
import { METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { putQuestion } from "../put-question.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { isQuestion, lackingCapability } from "./questions.ts";

export function askWithCall(
  session: ClientSession,
  link: ServerLink,
  exchange: Exchange,
  envelope: RequestEnvelope,
): void {
  const call = session.parked.at(link, exchange.stream);
  if (call === undefined || !isQuestion(envelope.method)) {
    exchange.error(METHOD_NOT_FOUND, "this client can be asked only for a call of its own, and not this");
    return;
  }
  const lacking = lackingCapability(call.capabilities, envelope);
  if (lacking !== undefined) {
    exchange.error(METHOD_NOT_FOUND, `the client does not support ${lacking}`);
    return;
  }
  putQuestion(session, { exchange, envelope, link, adapt: withoutLegacy }, call.peer);
}

/** What the modern era does not know in questions: tasks, ids of elicitations, and progress of them. */
function withoutLegacy(content: Content): Content {
  const { params } = content;
  if (!isJsonObject(params)) return content;
  const { task: _task, elicitationId: _id, _meta: meta, ...rest } = params;
  if (!isJsonObject(meta)) return { ...content, params: rest };
  const { progressToken: _token, ...said } = meta;
  return { ...content, params: Object.keys(said).length === 0 ? rest : { ...rest, _meta: said } };
}
