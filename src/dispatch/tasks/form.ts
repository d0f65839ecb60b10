// Tasks have a form in each era, and nobody translates between them: whether a client and a server have one in common.
import { MISSING_CAPABILITY } from "../../mcp/errors.ts";
import type { Era } from "../../mcp/methods.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { type Greeting, TASKS_EXTENSION, withoutTasks } from "../handshake/greeting.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { hasAt } from "./task-support.ts";

/** `undefined`: there is none. A server that sessions share does not know whose task is whose. */
export function taskForm({ era }: ClientSession, link: ServerLink): Era | undefined {
  return link.era === era && !link.life.share ? era : undefined;
}

/** Whether anybody here has tasks that this client could know, or may turn out to. */
export function hasTasks(session: ClientSession): boolean {
  return session.links.some((link) => {
    const form = taskForm(session, link);
    if (form === undefined) return link.isComing && !link.life.share;
    return form === "legacy" ? link.capability("tasks") !== undefined : hasExtension(link);
  });
}

/** What the client says of itself, as this server may hear it. */
export function greetingFor(session: ClientSession, link: ServerLink, greeting: Greeting): Greeting {
  return taskForm(session, link) === undefined ? withoutTasks(greeting) : greeting;
}

/** In the modern era: whether the client takes tasks for answers; every request says it anew. */
export function takesTasks(session: ClientSession, link: ServerLink, exchange: Exchange): boolean {
  return taskForm(session, link) === "modern" && hasExtension(link) && knowsTasks(exchange);
}

export function knowsTasks({ asker }: Exchange): boolean {
  return hasAt(asker?.greeting.capabilities["extensions"], [TASKS_EXTENSION]);
}

/** As their extension wants it (SEP-2663). */
export function refuseTasks(exchange: Exchange): void {
  const details = { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } };
  exchange.error(MISSING_CAPABILITY, "the client has not said that it knows tasks", details);
}

/** In the legacy era: whether a client can be asked for a task in the place of this answer. */
export function mayBeAskedForTask(session: ClientSession, link: ServerLink, method: string): boolean {
  return (
    taskForm(session, link) === "legacy" && hasAt(session.capabilities["tasks"], ["requests", ...method.split("/")])
  );
}

function hasExtension(link: ServerLink): boolean {
  return hasAt(link.capability("extensions"), [TASKS_EXTENSION]);
}
