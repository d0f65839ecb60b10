// Servers over HTTP that lose a request, or a whole session: whoever waits is told, and the new session learns what the old one knew.
import { UNREACHABLE } from "../../mcp/errors.ts";
import { LISTS } from "../../mcp/lists.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Event } from "../event.ts";
import { tellLogLevel } from "../handshake/server-greeting.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { forgetTasks } from "../tasks/sealed-task.ts";
import { unreachable } from "./unreachable.ts";

type Unanswered = Pick<Extract<Event, { readonly kind: "server-unanswered" }>, "about" | "reason" | "evidence">;

export function leaveUnanswered(link: ServerLink, { about, reason, evidence }: Unanswered): void {
  const awaited = link.awaited.get(about);
  if (awaited === undefined) return;
  link.awaited.delete(about);
  if (evidence !== undefined && link.probe?.id === about) link.probe.settle(evidence);
  else awaited.onLost(UNREACHABLE, unreachable(link.name, reason));
}

const CHANGES = new Set(LISTS.map(({ changed }) => changed));

/** What it asked in its old session wants no answer any more. What it has may be something else by now. */
export function renew(session: ClientSession, link: ServerLink): void {
  for (const exchange of link.open.values()) exchange.cancel();
  forgetTasks(session, link);
  tellLogLevel(session, link);
  for (const uri of link.subscriptions) link.order("resources/subscribe", { uri });
  for (const method of CHANGES) session.catalogue.change(link, method, false);
}
