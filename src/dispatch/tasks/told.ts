// `notifications/tasks`: how a task stands, told by a modern server to those who listen for it.
import type { NotificationEnvelope } from "../../message/envelope.ts";
import { SUBSCRIPTION_ID } from "../../message/eras/modern-meta.ts";
import { rewordWritten } from "../../message/eras/reword.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { Exchange } from "../exchanges/exchange.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { writeMessage } from "../wording/write-message.ts";
import { showDetails } from "./detailed-task.ts";
import { outcomeOf } from "./outcome.ts";
import { statusOf, taskTold } from "./task-ids.ts";

export function tellOfTask(session: ClientSession, link: ServerLink, envelope: NotificationEnvelope): void {
  const task = taskTold(session, link, envelope);
  const placement = statusOf(session, link, envelope);
  const [listening] = task === undefined ? [] : session.listeners.ofTask(task.exposed);
  if (task === undefined || placement === undefined || listening === undefined) return;
  // Where it cannot be shown whole, nobody is told.
  const exchange = new Exchange("0", undefined, () => undefined);
  exchange.asker = listening.asker;
  const facts = session.facts("notification", envelope.method, "server", link.name);
  session.judge.hear(link.lane, { facts, envelope, server: link.options }, (judged) => {
    if (judged.decision.verdict !== "allow") return;
    const bytes = writeMessage(envelope, judged, { id: undefined, placements: [placement] });
    const outcome = outcomeOf(session, exchange, task);
    showDetails(session, { exchange, link, task, outcome, bytes }, (shown) => {
      for (const { id, stream } of session.listeners.ofTask(task.exposed))
        session.client.send(rewordWritten(shown, { members: {}, meta: { [SUBSCRIPTION_ID]: id } }), stream);
    });
  });
}
