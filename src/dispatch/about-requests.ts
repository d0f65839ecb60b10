// Notifications about a request - progress of it, its cancellation - brought to whoever has that request, in its own words.
import type { NotificationEnvelope } from "../message/envelope.ts";
import { rangeAt, rawAt } from "../message/locate.ts";
import type { ClientSession } from "./client-session.ts";
import type { Exchange, Sent } from "./exchange.ts";
import type { Judged } from "./judge.ts";
import type { Peer } from "./peer.ts";
import type { Placement } from "./placement.ts";
import { writeMessage } from "./write-message.ts";

/** Progress of something that was answered, or never asked for, concerns nobody. */
export function relayProgress(session: ClientSession, from: Peer, envelope: NotificationEnvelope): void {
  const placed = placementOf(envelope, "progressToken");
  const awaited = placed === undefined ? undefined : from.awaited.get(placed.text);
  awaited?.onProgress?.();
  const origin = awaited?.origin;
  const token = origin?.exchange.token;
  if (placed === undefined || origin === undefined || token === undefined) return;
  hearAbout(session, from, envelope, from.server ?? origin.from.server, (judged) => {
    if (judged.decision.verdict !== "allow" || !origin.exchange.isWanted) return;
    const placements = [{ ...placed, text: token.text }];
    origin.from.send(writeMessage(envelope, judged, { id: undefined, placements }), origin.exchange.stream);
  });
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
      sent.send(writeMessage(envelope, judged, { id: undefined, placements: [{ ...placed, text: sent.id }] }));
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
