// What one server tells, judged and brought to the client: logs as loud as it wants them, updates of what it follows, all in the words it knows.
import type { NotificationEnvelope } from "../message/envelope.ts";
import { rangeAt, textAt } from "../message/locate.ts";
import { SUBSCRIPTION_ID } from "../message/eras/modern-meta.ts";
import type { ClientSession } from "./peers/client-session.ts";
import type { ServerLink } from "./peers/server-link.ts";
import { isLoudEnough } from "./subscriptions/log-levels.ts";
import { relatedTask, statusOf } from "./tasks/task-ids.ts";
import type { Placement } from "./wording/placement.ts";
import { writeMessage } from "./wording/write-message.ts";

type Told = "log-message" | "resource-updated" | "elicitation-complete" | "task-status" | "client";

export function tellClient(
  session: ClientSession,
  link: ServerLink,
  envelope: NotificationEnvelope,
  route: Told,
  stream: number | undefined,
): void {
  if (session.era === "modern" && !isToldToModern(session, route, stream)) return;
  switch (route) {
    case "log-message":
      return tellLog(session, link, envelope, stream);
    case "resource-updated":
      return tellUpdate(session, link, envelope);
    case "elicitation-complete":
      return tell(session, link, envelope, { placements: session.elicitations.outwardId(link.name, envelope) });
    case "task-status":
      return tellStatus(session, link, envelope, stream);
    case "client":
      return tell(session, link, envelope, { stream });
  }
}

/** Of a task that nobody here asked for nobody hears. */
function tellStatus(
  session: ClientSession,
  link: ServerLink,
  envelope: NotificationEnvelope,
  stream: number | undefined,
): void {
  const placement = statusOf(session, link, envelope);
  if (placement !== undefined) tell(session, link, envelope, { placements: [placement], stream });
}

/** Nothing reaches a client of the modern era by itself: over HTTP there is no stream for it. */
function isToldToModern({ hasStreams }: ClientSession, route: Told, stream: number | undefined): boolean {
  if (route === "elicitation-complete" || route === "task-status") return false;
  return route === "log-message" || route === "resource-updated" || !hasStreams || stream !== undefined;
}

/** In the modern era only to who asked for it, in a request that is not answered yet; where a server does not say which, the latest. */
function tellLog(
  session: ClientSession,
  link: ServerLink,
  envelope: NotificationEnvelope,
  stream: number | undefined,
): void {
  const { bytes, params } = envelope;
  const level = params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["level"]));
  if (session.era === "legacy") {
    if (isLoudEnough(level, session.logLevel)) tell(session, link, envelope, { stream });
    return;
  }
  const wanting = link.awaited.values().flatMap(({ origin }) => {
    const asker = origin?.exchange.asker;
    const wants = asker?.logLevel !== undefined && isLoudEnough(level, asker.logLevel);
    return origin !== undefined && wants ? [origin.exchange] : [];
  });
  const about = wanting.find((exchange) => exchange.stream === stream) ?? wanting.at(-1);
  if (about !== undefined) tell(session, link, envelope, { stream: about.stream });
}

/** To subscribers only; what changed may lie below what the client subscribed to (2025-11-25, Resources). */
function tellUpdate(session: ClientSession, link: ServerLink, envelope: NotificationEnvelope): void {
  const { bytes, params } = envelope;
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["uri"]);
  const own = textAt(bytes, range);
  if (range === undefined || own === undefined) return;
  if (![...link.subscriptions].some((subscribed) => own.startsWith(subscribed))) return;
  session.catalogue.whenCurrent(() => {
    const exposed = session.catalogue.names.outwardUri(link.name, own);
    const placements = exposed === own ? [] : [{ at: ["params", "uri"], range, text: JSON.stringify(exposed) }];
    if (session.era !== "modern") tell(session, link, envelope, { placements, uri: own });
    for (const { id, stream } of session.listeners.of(link.name, own))
      tell(session, link, envelope, { placements, uri: own, stream, subscription: id });
  });
}

interface Telling {
  readonly placements?: readonly Placement[];
  /** Of the resource it is about, in the server's own words. */
  readonly uri?: string;
  /** Of the request it belongs to. */
  readonly stream?: number | undefined;
  /** The id of the `subscriptions/listen` that it belongs to, as raw JSON text. */
  readonly subscription?: string | undefined;
}

function tell(
  session: ClientSession,
  link: ServerLink,
  envelope: NotificationEnvelope,
  { placements = [], uri, stream, subscription }: Telling,
): void {
  const { method } = envelope;
  const thing = uri === undefined ? undefined : "resource";
  const facts = session.facts("notification", method, "server", link.name, uri, thing);
  const hearing = {
    facts,
    envelope,
    server: link.options,
    thing: uri === undefined ? undefined : link.list("resource").thing(uri),
  };
  session.judge.hear(link.lane, hearing, (judged) => {
    if (judged.decision.verdict !== "allow") return;
    const isOfAnother = subscription !== undefined || link.era === "modern";
    const named = [...placements, ...relatedTask(session, link, "client", envelope)];
    const rewording = isOfAnother ? { members: {}, meta: { [SUBSCRIPTION_ID]: subscription } } : undefined;
    session.client.send(writeMessage(envelope, judged, { id: undefined, placements: named, rewording }), stream);
  });
}
