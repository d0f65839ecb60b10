// Notifications about a request - progress of it, its cancellation - brought to whoever has that request, in its own words.
import type { NotificationEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange, Sent } from "./exchange.ts";
import type { Judged } from "../judge.ts";
import type { Peer } from "../peers/peer.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { relatedTask } from "../tasks/task-ids.ts";
import type { Placement } from "../wording/placement.ts";
import { writeMessage } from "../wording/write-message.ts";

/** Progress of something that was answered, or never asked for, concerns nobody. */
export function relayProgress(session: ClientSession, from: Peer, envelope: NotificationEnvelope): void {
  const placed = placementOf(envelope, "progressToken");
  const awaited = placed === undefined ? undefined : from.awaited.get(placed.text);
  if (placed !== undefined && awaited === undefined) relayTaskProgress(session, from, envelope, placed);
  awaited?.onProgress?.();
  const origin = awaited?.origin;
  const token = origin?.exchange.token;
  if (placed === undefined || origin === undefined || token === undefined) return;
  hearAbout(session, from, envelope, from.server ?? origin.from.server, (judged) => {
    if (judged.decision.verdict !== "allow" || !origin.exchange.isWanted) return;
    const placements = [{ ...placed, text: token.text }, ...relatedTo(session, from, origin.from.server, envelope)];
    origin.from.send(writeMessage(envelope, judged, { id: undefined, placements }), origin.exchange.stream);
  });
}

/** The token of a request that became a task is good for as long as the task lives (2025-11-25, Tasks). */
function relayTaskProgress(
  session: ClientSession,
  from: Peer,
  envelope: NotificationEnvelope,
  placed: Placement,
): void {
  if (from.server === undefined) {
    for (const link of session.links) tellProgress(session, from, { link, to: link, envelope, placed });
    return;
  }
  const link = session.link(from.server);
  if (link !== undefined) tellProgress(session, from, { link, to: session.client, envelope, placed });
}

interface TaskProgress {
  readonly link: ServerLink;
  readonly to: Peer;
  readonly envelope: NotificationEnvelope;
  readonly placed: Placement;
}

function tellProgress(session: ClientSession, from: Peer, { link, to, envelope, placed }: TaskProgress): void {
  const book = to === link ? session.clientTasks : session.tasks;
  const theirs = book.progressing(link.name, placed.text)?.token?.theirs;
  if (theirs === undefined) return;
  hearAbout(session, from, envelope, link.name, (judged) => {
    if (judged.decision.verdict !== "allow") return;
    const placements = [{ ...placed, text: theirs }, ...relatedTo(session, from, to.server, envelope)];
    to.send(writeMessage(envelope, judged, { id: undefined, placements }), session.streamOf(link, undefined));
  });
}

/** `to`: a server's name, or the client. */
function relatedTo(
  session: ClientSession,
  from: Peer,
  to: string | undefined,
  envelope: NotificationEnvelope,
): readonly Placement[] {
  const link = session.link(from.server ?? to ?? "");
  return link === undefined ? [] : relatedTask(session, link, from === link ? "client" : "server", envelope);
}

/** Whatever it was sent to is told, under the id it has there; a late reply is then dropped. */
export function relayCancellation(session: ClientSession, from: Peer, envelope: NotificationEnvelope): void {
  const placed = placementOf(envelope, "requestId");
  const exchange = placed === undefined ? undefined : from.open.get(placed.text);
  if (exchange !== undefined) cancelExchange(session, from, envelope, exchange);
}

/** `envelope`: says so of this exchange. */
export function cancelExchange(
  session: ClientSession,
  from: Peer,
  envelope: NotificationEnvelope,
  exchange: Exchange,
): void {
  const placed = placementOf(envelope, "requestId");
  if (placed === undefined) return;
  const whereabouts = sentOf(exchange);
  if (whereabouts.length === 0) {
    hearAbout(session, from, envelope, from.server, ({ decision }) => {
      if (decision.verdict === "allow") exchange.cancel();
    });
  }
  for (const sent of whereabouts) {
    hearAbout(session, from, envelope, from.server ?? sent.server, (judged) => {
      if (judged.decision.verdict !== "allow") return;
      exchange.cancel();
      const placements = [{ ...placed, text: sent.id }, ...relatedTo(session, from, sent.server, envelope)];
      sent.send(writeMessage(envelope, judged, { id: undefined, placements }));
    });
  }
}

function sentOf(exchange: Exchange): readonly Sent[] {
  return [exchange, ...exchange.parts].flatMap(({ sent }) => (sent === undefined ? [] : [sent]));
}

function placementOf({ bytes, params }: NotificationEnvelope, key: string): Placement | undefined {
  const range = params === undefined ? undefined : rangeAt(bytes, params, [key]);
  return range === undefined ? undefined : { at: ["params", key], range, text: rawAt(bytes, range) };
}

function hearAbout(
  session: ClientSession,
  from: Peer,
  envelope: NotificationEnvelope,
  server: string | undefined,
  then: (judged: Judged) => void,
): void {
  const facts = session.facts("notification", envelope.method, from.side, server);
  const options = server === undefined ? undefined : session.link(server)?.options;
  session.judge.hear(from.lane, { facts, envelope, server: options }, then);
}
