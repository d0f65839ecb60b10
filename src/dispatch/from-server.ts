// What one server says: its questions and notifications, on their way to the client.
import { METHOD_NOT_FOUND } from "../mcp/errors.ts";
import type { NotificationEnvelope, RequestEnvelope } from "../message/envelope.ts";
import { rangeAt, textAt } from "../message/locate.ts";
import { SUBSCRIPTION_ID } from "../message/modern-meta.ts";
import { relayCancellation, relayProgress } from "./about-requests.ts";
import type { ClientSession } from "./client-session.ts";
import type { Exchange } from "./exchange.ts";
import { forward } from "./forward.ts";
import type { Incoming } from "./incoming.ts";
import { answerRefused } from "./refusing.ts";
import { askWithCall } from "./rounds/parked-questions.ts";
import { routeOfServerNotification, routeOfServerRequest } from "./routes.ts";
import type { ServerLink } from "./server-link.ts";
import { hearAgreed, hearEnded } from "./subscriptions/from-listened.ts";
import { isLoudEnough } from "./subscriptions/log-levels.ts";
import { asksForTask, withoutTask } from "./tasks/asked-for.ts";
import { askAboutTask } from "./tasks/client-tasks.ts";
import { mayBeAskedForTask } from "./tasks/form.ts";
import { relatedTask, statusOf } from "./tasks/task-ids.ts";
import { tellOfTask } from "./tasks/told.ts";
import { narrowedContext } from "./wording/narrowed-context.ts";
import type { Placement } from "./wording/placement.ts";
import { writeMessage } from "./wording/write-message.ts";

export function incomingFromServer(session: ClientSession, link: ServerLink): Incoming {
  return {
    peer: link,
    limits: session.options.limits,
    get protocol() {
      return link.introduction?.protocol;
    },
    request: (exchange, envelope) => request(session, link, exchange, envelope),
    notification: (envelope, stream) => notification(session, link, envelope, stream),
    streamOf: (arrival) => session.streamOf(link, typeof arrival === "string" ? arrival : undefined),
    streamDone: () => undefined,
    outside: session.outside,
    complain: (text) => {
      if (link.mayBeComplainedOf()) session.outside.report("warn", text, link.name);
    },
  };
}

function request(session: ClientSession, link: ServerLink, exchange: Exchange, envelope: RequestEnvelope): void {
  const { method } = envelope;
  if (link.era === "modern") {
    // Nobody may answer it there (2026-07-28, stdio); what it wants to know it asks in its results.
    if (link.mayBeComplainedOf())
      session.outside.report("warn", `it asks \`${method}\`, which no modern server may`, link.name);
    exchange.cancel();
    return;
  }
  const route = routeOfServerRequest(method);
  // What it answers hangs on what the client says.
  if (route.kind === "client") for (const { origin } of link.awaited.values()) origin?.exchange.flight?.spoil();
  switch (route.kind) {
    case "ping":
      return answerPing(session, link, exchange, envelope);
    case "task":
      return session.whenClientReady(link, false, () => askAboutTask(session, link, exchange, envelope));
    case "absent":
      return exchange.error(METHOD_NOT_FOUND, `\`${method}\` is not available`);
    case "client":
      return session.whenClientReady(link, false, () => askClient(session, link, exchange, envelope, route.capability));
  }
}

/** Each hop is alive by itself. */
function answerPing(session: ClientSession, link: ServerLink, exchange: Exchange, envelope: RequestEnvelope): void {
  const facts = session.facts("request", envelope.method, "server", undefined);
  session.judge.hear(link.lane, { facts, envelope, server: undefined, exchange }, (judged) => {
    if (judged.decision.verdict === "allow") exchange.result({});
    else answerRefused(exchange, facts, judged);
  });
}

function askClient(
  session: ClientSession,
  link: ServerLink,
  exchange: Exchange,
  envelope: RequestEnvelope,
  capability: string | undefined,
): void {
  if (!exchange.isWanted) return;
  if (session.era === "modern") {
    askWithCall(session, link, exchange, envelope);
    return;
  }
  if (capability !== undefined && !Object.hasOwn(session.capabilities, capability)) {
    exchange.error(METHOD_NOT_FOUND, `the client does not support ${capability}`);
    return;
  }
  forward(session, {
    exchange,
    envelope,
    facts: session.facts("request", envelope.method, "server", link.name),
    from: link,
    to: session.client,
    link,
    inward: [...elicitationId(session, link, envelope), ...narrowedContext(session, envelope)],
    adapt: asksForTask(envelope) && !mayBeAskedForTask(session, link, envelope.method) ? withoutTask : undefined,
  });
}

function elicitationId(
  session: ClientSession,
  link: ServerLink,
  { bytes, params }: RequestEnvelope | NotificationEnvelope,
): readonly Placement[] {
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["elicitationId"]);
  const id = textAt(bytes, range);
  if (range === undefined || id === undefined) return [];
  const outward = session.elicitations.outward(link.name, id);
  return outward === id ? [] : [{ at: ["params", "elicitationId"], range, text: JSON.stringify(outward) }];
}

/** What is answered otherwise from then on. */
const CHANGES: ReadonlyMap<string, readonly string[]> = new Map([
  ["notifications/tools/list_changed", ["tools/call"]],
  ["notifications/prompts/list_changed", ["prompts/get", "completion/complete"]],
  ["notifications/resources/list_changed", ["resources/read", "completion/complete"]],
  ["notifications/resources/updated", ["resources/read"]],
]);

function notification(
  session: ClientSession,
  link: ServerLink,
  envelope: NotificationEnvelope,
  stream: number | undefined,
): void {
  const route = routeOfServerNotification(envelope.method, link.era ?? "legacy");
  const changed = CHANGES.get(envelope.method);
  if (changed !== undefined) session.flights.change(link.name, changed, session.outside.now);
  switch (route) {
    case "list-changed":
      return listChanged(session, link, envelope);
    case "absent":
      return undefined;
    case "acknowledged":
      return hearAgreed(link, envelope);
    case "cancelled":
      return link.era === "modern" ? hearEnded(link, envelope) : relayCancellation(session, link, envelope);
    case "progress":
      return relayProgress(session, link, envelope);
    case "task-told":
      return tellOfTask(session, link, envelope);
    case "log-message":
    case "resource-updated":
    case "elicitation-complete":
    case "task-status":
    case "client":
      return session.whenClientReady(link, true, () => tellClient(session, link, envelope, route, stream));
  }
}

/** The client is told when the list has been read again, and not where a rule keeps that from it. */
function listChanged(session: ClientSession, link: ServerLink, envelope: NotificationEnvelope): void {
  const { method } = envelope;
  const facts = session.facts("notification", method, "server", link.name);
  session.judge.hear(link.lane, { facts, envelope, server: link.options }, ({ decision }) =>
    session.catalogue.change(link, method, decision.verdict === "allow"),
  );
}

function tellClient(
  session: ClientSession,
  link: ServerLink,
  envelope: NotificationEnvelope,
  route: "log-message" | "resource-updated" | "elicitation-complete" | "task-status" | "client",
  stream: number | undefined,
): void {
  if (session.era === "modern" && !isToldToModern(session, route, stream)) return;
  switch (route) {
    case "log-message":
      return tellLog(session, link, envelope, stream);
    case "resource-updated":
      return tellUpdate(session, link, envelope);
    case "elicitation-complete":
      return tell(session, link, envelope, { placements: elicitationId(session, link, envelope) });
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
function isToldToModern({ hasStreams }: ClientSession, route: string, stream: number | undefined): boolean {
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
