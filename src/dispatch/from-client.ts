// What the client says, on its way to the servers it concerns.
import { INVALID_REQUEST, METHOD_NOT_FOUND } from "../mcp/errors.ts";
import type { NotificationEnvelope, RequestEnvelope } from "../message/envelope.ts";
import { relayCancellation, relayProgress } from "./about-requests.ts";
import type { ClientSession } from "./client-session.ts";
import { requestCompletion } from "./completion.ts";
import type { Exchange } from "./exchange.ts";
import { requestLogLevel, requestUnknown } from "./fan-out.ts";
import { initialize } from "./handshake.ts";
import type { Incoming } from "./incoming.ts";
import { requestList } from "./lists.ts";
import { requestNamed } from "./named.ts";
import { answerRefused } from "./refusing.ts";
import { requestResource } from "./resources.ts";
import type { ClientRequestRoute } from "./routes.ts";
import { routeOfClientNotification, routeOfClientRequest } from "./routes.ts";
import { writeMessage } from "./write-message.ts";

export function incomingFromClient(session: ClientSession): Incoming {
  return {
    peer: session.client,
    limits: session.options.limits,
    get protocol() {
      return session.greeting?.protocol;
    },
    request: (exchange, envelope) => request(session, exchange, envelope),
    notification: (envelope) => notification(session, envelope),
    streamOf: (arrival) => (typeof arrival === "number" ? arrival : undefined),
    streamDone: (stream) => session.outside.command({ kind: "stream-done", client: session.id, stream }),
    outside: session.outside,
    complain: (text) => {
      if (session.client.mayBeComplainedOf()) session.outside.report("warn", `from the client: ${text}`);
    },
  };
}

function request(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const route = routeOfClientRequest(envelope.method);
  if (route.kind === "initialize") initialize(session, exchange, envelope);
  else if (route.kind === "ping") answerPing(session, exchange, envelope);
  else if (route.kind === "absent") exchange.error(METHOD_NOT_FOUND, `\`${envelope.method}\` is not available`);
  else if (session.isGreeting) session.whenRunning(false, () => routed(session, exchange, envelope, route));
  else exchange.error(INVALID_REQUEST, "a session begins with `initialize`");
}

type RunningRoute = Exclude<ClientRequestRoute, { readonly kind: "initialize" | "ping" | "absent" }>;

/** A client that asks for something is ready, also if it forgot to say so. */
function routed(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, route: RunningRoute): void {
  if (!exchange.isWanted) return;
  session.clientIsReady();
  switch (route.kind) {
    case "list":
      return requestList(session, exchange, envelope, route.list);
    case "named":
      return requestNamed(session, exchange, envelope, route.thing);
    case "resource":
      return requestResource(session, exchange, envelope, route.subscribes);
    case "completion":
      return requestCompletion(session, exchange, envelope);
    case "log-level":
      return requestLogLevel(session, exchange, envelope);
    case "unknown":
      return requestUnknown(session, exchange, envelope);
  }
}

/** Each hop is alive by itself. */
function answerPing(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const facts = session.facts("request", envelope.method, "client", undefined);
  session.judge.hear(session.client.lane, { facts, envelope, server: undefined }, (judged) => {
    if (judged.decision.verdict === "allow") exchange.result({});
    else answerRefused(exchange, facts, judged);
  });
}

function notification(session: ClientSession, envelope: NotificationEnvelope): void {
  switch (routeOfClientNotification(envelope.method)) {
    case "absent":
      return undefined;
    case "cancelled":
      return relayCancellation(session, session.client, envelope);
    case "progress":
      return relayProgress(session, session.client, envelope);
    case "initialized":
      return session.whenRunning(true, () => hearInitialized(session, envelope));
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
  for (const link of session.links) {
    if (!link.isReady) continue;
    const facts = session.facts("notification", envelope.method, "client", link.name);
    session.judge.hear(session.client.lane, { facts, envelope, server: link.options }, (judged) => {
      if (judged.decision.verdict !== "allow") return;
      link.send(writeMessage(envelope, judged, { id: undefined, placements: [] }));
    });
  }
}
