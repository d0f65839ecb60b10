// What one server says: its questions and notifications, on their way to the client.
import { METHOD_NOT_FOUND } from "../mcp/errors.ts";
import type { NotificationEnvelope, RequestEnvelope } from "../message/envelope.ts";
import { relayCancellation, relayProgress } from "./exchanges/about-requests.ts";
import type { ClientSession } from "./peers/client-session.ts";
import type { Exchange } from "./exchanges/exchange.ts";
import type { Arrival, Incoming, Unreadable } from "./incoming.ts";
import { isStray, StrayLines } from "./observing/stray-lines.ts";
import type { DispatchLimits } from "./options.ts";
import type { Outside } from "./outside.ts";
import { putQuestion } from "./put-question.ts";
import { answerRefused } from "./exchanges/refusing.ts";
import { askWithCall } from "./rounds/parked-questions.ts";
import { routeOfServerNotification, routeOfServerRequest } from "./routes.ts";
import type { ServerLink } from "./peers/server-link.ts";
import { hearAgreed, hearEnded } from "./subscriptions/from-listened.ts";
import { asksForTask, withoutTask } from "./tasks/asked-for.ts";
import { askAboutTask } from "./tasks/client-tasks.ts";
import { mayBeAskedForTask } from "./tasks/form.ts";
import { tellOfTask } from "./tasks/told.ts";
import { tellClient } from "./tell-client.ts";

export class FromServer implements Incoming {
  readonly peer: ServerLink;
  readonly outside: Outside;
  readonly limits: DispatchLimits;
  private readonly session: ClientSession;
  private stray: StrayLines | undefined;

  constructor(session: ClientSession, link: ServerLink) {
    this.peer = link;
    this.outside = session.outside;
    this.limits = session.options.limits;
    this.session = session;
  }

  get protocol(): string | undefined {
    return this.peer.introduction?.protocol;
  }

  request(exchange: Exchange, envelope: RequestEnvelope): void {
    request(this.session, this.peer, exchange, envelope);
  }

  inLine(): void {}

  notification(envelope: NotificationEnvelope, stream: number | undefined): void {
    notification(this.session, this.peer, envelope, stream);
  }

  streamOf(arrival: Arrival): number | undefined {
    return this.session.streamOf(this.peer, typeof arrival === "string" ? arrival : undefined);
  }

  streamDone(): void {}

  complain(text: string): void {
    if (this.peer.mayBeComplainedOf()) this.outside.report("warn", text, this.peer.name);
  }

  unreadable(unreadable: Unreadable): void {
    const { bytes, reason } = unreadable;
    if (bytes === undefined || !isStray(unreadable) || this.peer.options.transport === "http")
      this.complain(`a message was dropped: ${reason}`);
    else this.strayLines().hear(bytes);
  }

  private strayLines(): StrayLines {
    const { outside, peer } = this;
    this.stray ??= new StrayLines({
      mask: outside.mask,
      report: (text) => outside.report("warn", text, peer.name),
      after: (milliseconds, action) => outside.after(milliseconds, action),
    });
    return this.stray;
  }
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
  const inward = session.elicitations.outwardId(link.name, envelope);
  const adapt = asksForTask(envelope) && !mayBeAskedForTask(session, link, envelope.method) ? withoutTask : undefined;
  putQuestion(session, { exchange, envelope, link, inward, adapt });
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
  if (changed !== undefined) session.known.flights.change(link.name, changed, session.outside.now);
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
