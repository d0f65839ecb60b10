// Tasks that a client makes of what servers ask it (2025-11-25): each server knows those it asked for, and their outcome is the client's answer.
import type { Content } from "../../engine/decision.ts";
import { INVALID_PARAMS, METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import { isJsonArray, isJsonObject } from "../../mcp/json.ts";
import type { NotificationEnvelope, RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { forward } from "../forward.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { writeMessage } from "../wording/write-message.ts";
import { taskForm } from "./form.ts";
import { outcomeOf } from "./outcome.ts";
import { relatedTask } from "./task-ids.ts";

/** What a server asks about them. */
export function askAboutTask(
  session: ClientSession,
  link: ServerLink,
  exchange: Exchange,
  envelope: RequestEnvelope,
): void {
  if (!exchange.isWanted) return;
  const { bytes, method, params } = envelope;
  if (taskForm(session, link) !== "legacy" || session.capabilities["tasks"] === undefined) {
    exchange.error(METHOD_NOT_FOUND, `\`${method}\` is not available`);
    return;
  }
  const isList = method === "tasks/list";
  const id = params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["taskId"]));
  const task = id === undefined ? undefined : session.clientTasks.ofServer(link.name, id);
  if (task === undefined && !isList) {
    exchange.error(INVALID_PARAMS, "Task not found");
    return;
  }
  const facts = session.facts("request", method, "server", link.name);
  const outcome = task !== undefined && method === "tasks/result" ? outcomeOf(session, exchange, task) : undefined;
  forward(session, {
    exchange,
    envelope,
    facts,
    from: link,
    to: session.client,
    link,
    outward: isList ? (reply) => ownOnly(session, link, reply) : undefined,
    about: task && { task, outcome },
  });
}

/** Of what the client lists. */
function ownOnly({ clientTasks }: ClientSession, { name }: ServerLink, _reply: ResultEnvelope) {
  return (content: Content): Content => {
    const { result } = content;
    if (!isJsonObject(result) || !isJsonArray(result["tasks"])) return { ...content, result: { tasks: [] } };
    const tasks = result["tasks"].filter(
      (entry) =>
        isJsonObject(entry) &&
        typeof entry["taskId"] === "string" &&
        clientTasks.ofServer(name, entry["taskId"]) !== undefined,
    );
    return { ...content, result: { ...result, tasks } };
  };
}

/** How one of them stands: told to the server that asked for it. */
export function tellOwner(session: ClientSession, envelope: NotificationEnvelope): void {
  const { bytes, params, method } = envelope;
  const id = params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["taskId"]));
  for (const link of session.links) {
    if (id === undefined || !link.isReady || session.clientTasks.ofServer(link.name, id) === undefined) continue;
    const facts = session.facts("notification", method, "client", link.name);
    session.judge.hear(session.client.lane, { facts, envelope, server: link.options }, (judged) => {
      if (judged.decision.verdict !== "allow") return;
      const placements = relatedTask(session, link, "server", envelope);
      link.send(writeMessage(envelope, judged, { id: undefined, placements }));
    });
  }
}
