// What the client says, on its way to the servers it concerns.
import { INVALID_REQUEST, METHOD_NOT_FOUND } from "../mcp/errors.ts";
import { composeNotification } from "../message/compose.ts";
import { type NotificationEnvelope, readEnvelope, type RequestEnvelope } from "../message/envelope.ts";
import { type Claim, claimOf } from "../message/eras/modern-meta.ts";
import { cancelExchange, relayCancellation, relayProgress } from "./exchanges/about-requests.ts";
import type { ClientSession } from "./peers/client-session.ts";
import type { Exchange } from "./exchanges/exchange.ts";
import { requestDiscovery } from "./handshake/discover.ts";
import { initialize } from "./handshake/handshake.ts";
import { introduce } from "./handshake/modern-greeting.ts";
import type { Arrival, Incoming, Unreadable } from "./incoming.ts";
import { requestList } from "./lists/lists.ts";
import { inTurn } from "./life/server-life.ts";
import type { DispatchLimits } from "./options.ts";
import type { Outside } from "./outside.ts";
import type { Peer } from "./peers/peer.ts";
import type { ServerLink } from "./peers/server-link.ts";
import { answerRefused } from "./exchanges/refusing.ts";
import { requestCompletion } from "./requests/completion.ts";
import { requestLogLevel, requestUnknown } from "./requests/fan-out.ts";
import { requestNamed } from "./requests/named.ts";
import { requestResource } from "./requests/resources.ts";
import type { ClientRequestRoute } from "./routes.ts";
import { routeOfClientNotification, routeOfClientRequest } from "./routes.ts";
import { requestListen } from "./subscriptions/listen.ts";
import { tellOwner } from "./tasks/client-tasks.ts";
import { relatedTask } from "./tasks/task-ids.ts";
import { requestTaskList } from "./tasks/task-list.ts";
import { requestTask } from "./tasks/task-requests.ts";
import { writeMessage } from "./wording/write-message.ts";

/** A class, for what every session has: a literal that has a getter is slow to make, and large. */
export class FromClient implements Incoming {
  readonly peer: Peer;
  readonly outside: Outside;
  readonly limits: DispatchLimits;
  private readonly session: ClientSession;

  constructor(session: ClientSession) {
    this.peer = session.client;
    this.outside = session.outside;
    this.limits = session.options.limits;
    this.session = session;
  }

  get protocol(): string | undefined {
    return this.session.greeting?.protocol;
  }

  request(exchange: Exchange, envelope: RequestEnvelope): void {
    request(this.session, exchange, envelope);
  }

  /** A modern client gives it up by hanging up. */
  inLine(exchange: Exchange, arrival: Arrival): void {
    const stream = this.streamOf(arrival);
    if (stream !== undefined && this.session.era === "modern") this.session.byStream.set(stream, exchange);
  }

  notification(envelope: NotificationEnvelope): void {
    notification(this.session, envelope);
  }

  streamOf(arrival: Arrival): number | undefined {
    return typeof arrival === "number" ? arrival : undefined;
  }

  streamDone(stream: number): void {
    const { session } = this;
    session.byStream.delete(stream);
    session.mirrored.delete(stream);
    session.outside.command({ kind: "stream-done", client: session.id, stream });
  }

  complain(text: string): void {
    if (this.peer.mayBeComplainedOf()) this.outside.report("warn", `from the client: ${text}`);
  }

  unreadable({ reason }: Unreadable): void {
    this.complain(`a message was dropped: ${reason}`);
  }
}

/**
 * A legacy client that loses its connection may come back for the answer (2025-11-25, Resumability); a modern one cancels
 * so what it asked.
 */
export function hangUp(session: ClientSession, stream: number): void {
  const exchange = session.era === "modern" ? session.byStream.get(stream) : undefined;
  if (exchange === undefined) return;
  const bytes = composeNotification("notifications/cancelled", {
    requestId: JSON.parse(exchange.id) as string | number,
  });
  const envelope = readEnvelope(bytes, session.options.limits);
  if (envelope.kind === "notification") cancelExchange(session, session.client, envelope, exchange);
}

/** The first message decides which era a client is of, once and for all. */
function request(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  if (session.era === "legacy") requestLegacy(session, exchange, envelope);
  else {
    const claim = claimOf(envelope);
    const isModern = session.era === "modern" || (claim !== undefined && envelope.method !== "initialize");
    if (isModern || envelope.method === "server/discover") requestModern(session, exchange, envelope, claim);
    else requestLegacy(session, exchange, envelope);
  }
}

function requestLegacy(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const route = routeOfClientRequest(envelope.method, "legacy");
  if (route.kind === "initialize") initialize(session, exchange, envelope);
  else if (route.kind === "ping") answerPing(session, exchange, envelope);
  else if (route.kind === "absent") answerAbsent(exchange, envelope);
  else if (session.isGreeting) session.whenRunning(false, () => routed(session, exchange, envelope, route));
  else exchange.error(INVALID_REQUEST, "a session begins with `initialize`");
}

function requestModern(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  claim: Claim | undefined,
): void {
  const route = routeOfClientRequest(envelope.method, "modern");
  if (route.kind === "initialize" || route.kind === "ping" || route.kind === "absent") answerAbsent(exchange, envelope);
  else introduce(session, exchange, claim, () => routed(session, exchange, envelope, route));
}

function answerAbsent(exchange: Exchange, { method }: RequestEnvelope): void {
  exchange.error(METHOD_NOT_FOUND, `\`${method}\` is not available`);
}

type RunningRoute = Exclude<ClientRequestRoute, { readonly kind: "initialize" | "ping" | "absent" }>;

/** A client that asks for something is ready, also if it forgot to say so. */
function routed(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, route: RunningRoute): void {
  if (!exchange.isWanted) return;
  session.clientIsReady();
  switch (route.kind) {
    case "discover":
      return requestDiscovery(session, exchange, envelope);
    case "list":
      return requestList(session, exchange, envelope, route.list);
    case "named":
      return requestNamed(session, exchange, envelope, route.thing);
    case "resource":
      return requestResource(session, exchange, envelope, route.subscribes);
    case "completion":
      return requestCompletion(session, exchange, envelope);
    case "listen":
      return requestListen(session, exchange, envelope);
    case "log-level":
      return requestLogLevel(session, exchange, envelope);
    case "task":
      return requestTask(session, exchange, envelope);
    case "task-list":
      return requestTaskList(session, exchange, envelope);
    case "unknown":
      return requestUnknown(session, exchange, envelope);
  }
}

/** Each hop is alive by itself. */
function answerPing(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const facts = session.facts("request", envelope.method, "client", undefined);
  session.judge.hear(session.client.lane, { facts, envelope, server: undefined, exchange }, (judged) => {
    if (judged.decision.verdict === "allow") exchange.result({});
    else answerRefused(exchange, facts, judged);
  });
}

function notification(session: ClientSession, envelope: NotificationEnvelope): void {
  switch (routeOfClientNotification(envelope.method, session.era ?? "legacy")) {
    case "absent":
      return undefined;
    case "cancelled":
      return relayCancellation(session, session.client, envelope);
    case "progress":
      return relayProgress(session, session.client, envelope);
    case "initialized":
      return session.whenRunning(true, () => hearInitialized(session, envelope));
    case "task-status":
      return session.whenRunning(true, () => tellOwner(session, envelope));
    case "every-server":
      return session.whenRunning(true, () => tellServers(session, envelope));
  }
}

/** Every server got its own from the proxy, after its own handshake. */
function hearInitialized(session: ClientSession, envelope: NotificationEnvelope): void {
  const facts = session.facts("notification", envelope.method, "client", undefined);
  session.judge.hear(session.client.lane, { facts, envelope, server: undefined }, ({ decision }) => {
    if (decision.verdict === "allow") session.clientIsReady();
  });
}

function tellServers(session: ClientSession, envelope: NotificationEnvelope): void {
  // The modern era knows none of these notifications.
  for (const link of session.links)
    if (link.era !== "modern") inTurn(session, link, () => tell(session, link, envelope));
}

function tell(session: ClientSession, link: ServerLink, envelope: NotificationEnvelope): void {
  if (!link.isReady || link.era === "modern") return;
  const facts = session.facts("notification", envelope.method, "client", link.name);
  session.judge.hear(session.client.lane, { facts, envelope, server: link.options }, (judged) => {
    if (judged.decision.verdict !== "allow") return;
    link.use();
    const placements = relatedTask(session, link, "server", envelope);
    link.send(writeMessage(envelope, judged, { id: undefined, placements }));
  });
}
