// One event in, commands out. No clocks, no sockets, no promises: io/ has those.
import { maskText } from "../engine/telling/masking.ts";
import type { PolicyStore } from "../engine/policy-store.ts";
import { INTERNAL_ERROR, INVALID_REQUEST } from "../mcp/errors.ts";
import { readOversize } from "../message/envelope.ts";
import { ClientSession, type Known } from "./peers/client-session.ts";
import type { ClientId, Command, Event } from "./event.ts";
import { FromClient, hangUp } from "./from-client.ts";
import { FromServer } from "./from-server.ts";
import { Flights } from "./gates/flights.ts";
import { OpenInquiries } from "./gates/open-inquiries.ts";
import { type OpenQuestion, OpenQuestions } from "./gates/open-questions.ts";
import { gatesOf } from "./gates/pass-gates.ts";
import { Eras } from "./handshake/eras.ts";
import { meet, survivesProbe } from "./handshake/probe.ts";
import { Sayings } from "./handshake/sayings.ts";
import { receive, receiveUnreadable, type Incoming } from "./incoming.ts";
import { JointServers } from "./joint/joint-servers.ts";
import { bidFarewell, isAllAnswered } from "./life/farewell.ts";
import { noLaggards } from "./life/laggards.ts";
import { Recollections } from "./life/recollections.ts";
import { leaveUnanswered, renew } from "./life/renewal.ts";
import { dismiss, noteStuck, openServers } from "./life/server-life.ts";
import { type ServerStatus, type SessionStatus, statusOf } from "./observing/status.ts";
import type { DispatchOptions } from "./options.ts";
import { World } from "./world.ts";
import { Principals } from "./peers/same-principal.ts";
import { SpentTokens } from "./rounds/spent-tokens.ts";
import { SuppliedSecrets } from "./peers/supplied-secrets.ts";

export interface Dispatcher {
  /**
   * `now`: milliseconds since 1970. `arrived`: the same moment by a finer clock, which records say again of the message
   * they are about. What comes for a client that is gone, or never was, is dropped.
   */
  handle(event: Event, now: number, arrived?: number): readonly Command[];
  /** Of every session there is. */
  status(): readonly SessionStatus[];
  /** Of every server that the sessions share. */
  jointStatus(): readonly ServerStatus[];
  /** What waits for somebody at the machine to approve it, oldest first. */
  questions(): readonly OpenQuestion[];
  /** What a server says besides messages, without anything that the policy masks. */
  masked(server: string, text: string): string;
}

/** `store` holds a policy before the first client opens. */
export function createDispatcher(options: DispatchOptions, store: PolicyStore): Dispatcher {
  const world = new World();
  const seats = new Map<ClientId, Seat>();
  const leaving = new Set<ClientSession>();
  const known = {
    store,
    eras: new Eras(),
    recollections: new Recollections(),
    laggards: noLaggards(),
    spent: new SpentTokens(),
    flights: new Flights(),
    questions: new OpenQuestions(),
    inquiries: new OpenInquiries(),
    supplied: new SuppliedSecrets(),
    principals: new Principals(),
    sayings: new Sayings(),
    boot: options.token(),
    gatesOf,
  };
  const masked = (server: string, text: string): string => {
    const revision = store.current();
    return revision === undefined ? text : maskText(revision, text, known.supplied.of(server));
  };
  const shared = new JointServers(options, world, masked);
  world.takes = (command) => shared.takes(command);
  const tell = (event: Exclude<Event, ClientEnded>): void => {
    try {
      handle(world, seats, event, options, known);
    } catch (bug) {
      world.failed(bug);
    }
  };
  return {
    handle: (event, now, arrived = now) => {
      world.begin(now, arrived);
      if (event.kind === "client-ended") world.attempt(() => beginLeaving(leaving, seats.get(event.client), event));
      else if (!shared.hears(event)) tell(event);
      for (let news = shared.next(); news !== undefined; news = shared.next()) {
        world.begin(world.now, world.arrived);
        tell(news);
      }
      // Whatever happens may have been what one of them waited for.
      for (const session of leaving) if (isAllAnswered(session)) letGo(leaving, session);
      return world.take();
    },
    status: () => [...seats.values()].map(({ session, since }) => statusOf(session, since)),
    questions: () => known.questions.inQueue(),
    masked,
    jointStatus: () => {
      const revision = store.current();
      return revision === undefined ? [] : shared.status((text) => maskText(revision, text));
    },
  };
}

type ClientEnded = Extract<Event, { readonly kind: "client-ended" }>;

function beginLeaving(leaving: Set<ClientSession>, seat: Seat | undefined, { patienceMs }: ClientEnded): void {
  const session = seat?.session;
  if (session === undefined || session.client.hasEnded) return;
  leaving.add(session);
  bidFarewell(session, patienceMs, () => letGo(leaving, session));
}

function letGo(leaving: Set<ClientSession>, session: ClientSession): void {
  if (leaving.delete(session)) session.outside.command({ kind: "client-done", client: session.id });
}

/** A client's session, and what to do with what comes from it and from its servers. */
interface Seat {
  readonly session: ClientSession;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly fromClient: Incoming;
  readonly fromServers: ReadonlyMap<string, FromServer>;
}

function handle(
  world: World,
  seats: Map<ClientId, Seat>,
  event: Exclude<Event, ClientEnded>,
  options: DispatchOptions,
  known: Known,
): void {
  switch (event.kind) {
    case "client-opened": {
      const session = new ClientSession(event.client, event, world, options, known);
      seats.set(event.client, seatOf(session, world.now));
      return openServers(session);
    }
    case "need-answered":
      return world.answerNeed(event.need, event.answer);
    case "timer-fired":
      return world.fire(event.timer);
    case "question-decided":
      return known.questions.decide(event.question, event.approves, event.by);
    case "policy-changed":
      for (const { session } of seats.values()) world.attempt(() => reconsider(session));
      return;
    case "client-message":
    case "client-oversize":
    case "client-known":
    case "stream-closed":
    case "client-closed": {
      const seat = seats.get(event.client);
      if (event.kind === "client-closed") seats.delete(event.client);
      return seat === undefined ? undefined : handleOfClient(seat, event);
    }
    case "server-opened":
    case "server-message":
    case "server-oversize":
    case "server-unanswered":
    case "server-renewed":
    case "server-stuck":
    case "server-closed": {
      const seat = seats.get(event.client);
      const source = seat?.fromServers.get(event.server);
      if (seat === undefined || source === undefined || source.peer.isGone) return;
      return handleOfServer(seat.session, source, event);
    }
  }
}

function seatOf(session: ClientSession, since: number): Seat {
  const fromServers = new Map(session.links.map((link) => [link.name, new FromServer(session, link)]));
  return { session, since, fromClient: new FromClient(session), fromServers };
}

type ClientEvent = Extract<
  Event,
  { readonly kind: "client-message" | "client-oversize" | "client-known" | "stream-closed" | "client-closed" }
>;

function handleOfClient({ session, fromClient }: Seat, event: ClientEvent): void {
  switch (event.kind) {
    case "client-message":
      session.hasStreams ||= event.stream !== undefined;
      if (event.stream !== undefined && event.headers !== undefined) session.mirrored.set(event.stream, event.headers);
      return receive(fromClient, event.bytes, event.stream, event.read);
    case "client-oversize":
      return receiveOversize(fromClient, event);
    case "client-known":
      session.principal = { ...session.principal, user: event.user };
      return reconsider(session);
    case "stream-closed":
      return hangUp(session, event.stream);
    case "client-closed":
      return closeSession(session);
  }
}

type ServerEvent = Extract<Event, { readonly server: string }>;

function handleOfServer(session: ClientSession, incoming: FromServer, event: ServerEvent): void {
  const link = incoming.peer;
  switch (event.kind) {
    case "server-opened":
      return meet(session, link);
    case "server-message":
      return receive(incoming, event.bytes, event.about, event.read);
    case "server-oversize":
      return receiveOversize(incoming, event);
    case "server-unanswered":
      return link.lane.enter(true, () => leaveUnanswered(link, event));
    case "server-renewed":
      return link.lane.enter(true, () => renew(session, link));
    case "server-stuck":
      return noteStuck(session, link, event.isStuck);
    case "server-closed":
      // What it said before that and is still being judged comes first.
      return link.lane.enter(true, () => {
        if (!survivesProbe(session, link)) dismiss(session, link, event.reason);
      });
  }
}

function receiveOversize(incoming: Incoming, { start, end }: { readonly start: Buffer; readonly end: Buffer }): void {
  receiveUnreadable(incoming, { ...readOversize(start, end), code: INVALID_REQUEST, reason: "it is too long" });
}

function reconsider(session: ClientSession): void {
  if (session.isRunning) session.catalogue.reconsider();
}

/** Nobody is left to be answered; but if it is the proxy that goes, who listens may still hear so. */
function closeSession(session: ClientSession): void {
  session.listeners.end();
  for (const link of session.links) {
    if (!link.isGone) session.outside.command({ kind: "close-server", client: session.id, server: link.name });
    link.isGone = true;
    // Somebody may be thinking about what it asked.
    for (const exchange of link.open.values()) exchange.cancel();
  }
  session.client.lose(INTERNAL_ERROR, "the client is gone");
  session.outside.close();
}
