// One client connection: who it is, how far its handshake is, its own links to every server, and what is under way between them.
import type { Facts, Principal } from "../../engine/facts.ts";
import { maskText } from "../../engine/telling/masking.ts";
import type { PolicyStore } from "../../engine/policy-store.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { LISTS } from "../../mcp/lists.ts";
import type { Era } from "../../mcp/methods.ts";
import { composeNotification } from "../../message/compose.ts";
import type { Headers } from "../../message/eras/modern-headers.ts";
import type { ClientId } from "../event.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Flights } from "../gates/flights.ts";
import type { OpenInquiries } from "../gates/open-inquiries.ts";
import type { OpenQuestions } from "../gates/open-questions.ts";
import type { Eras } from "../handshake/eras.ts";
import type { Greeting } from "../handshake/greeting.ts";
import { Introductions } from "../handshake/introductions.ts";
import type { Sayings } from "../handshake/sayings.ts";
import { IdTable } from "./id-table.ts";
import { type Gates, Judge } from "../judge.ts";
import type { Waiting } from "./lane.ts";
import type { Laggards } from "../life/laggards.ts";
import type { Recollections } from "../life/recollections.ts";
import { Catalogue } from "../lists/catalogue.ts";
import type { DispatchOptions } from "../options.ts";
import { Outside } from "../outside.ts";
import type { World } from "../world.ts";
import { Peer } from "./peer.ts";
import { ParkedCalls } from "../rounds/parked-calls.ts";
import type { SpentTokens } from "../rounds/spent-tokens.ts";
import type { Principals } from "./same-principal.ts";
import { ServerLink } from "./server-link.ts";
import { sessionKey } from "./session-key.ts";
import { Listeners } from "../subscriptions/listeners.ts";
import { TaskBook } from "../tasks/task-book.ts";
import { Supplied, type SuppliedSecrets } from "./supplied-secrets.ts";
import { toServer } from "../wording/to-server.ts";
import { Elicitations } from "../wording/elicitations.ts";

/** What all client sessions know alike. */
export interface Known {
  readonly store: PolicyStore;
  readonly eras: Eras;
  readonly recollections: Recollections;
  readonly laggards: Laggards;
  readonly spent: SpentTokens;
  readonly flights: Flights;
  /** To humans. */
  readonly questions: OpenQuestions;
  /** To clients' own models, about replies that wait for them. */
  readonly inquiries: OpenInquiries;
  readonly supplied: SuppliedSecrets;
  readonly principals: Principals;
  readonly sayings: Sayings;
  /** Of this run of the proxy: the id of a session says who it is only together with it. */
  readonly boot: string;
  /** What its messages pass, besides rules. */
  readonly gatesOf: (session: ClientSession) => Gates;
}

export class ClientSession {
  readonly id: ClientId;
  readonly outside: Outside;
  readonly options: DispatchOptions;
  readonly judge: Judge;
  readonly client: Peer;
  /** In the modern era: what the client listens for. */
  readonly listeners: Listeners;
  readonly links: readonly ServerLink[];
  readonly catalogue: Catalogue;
  readonly elicitations = new Elicitations();
  /** Of its servers. */
  readonly tasks = new TaskBook();
  /** Which servers asked the client for. */
  readonly clientTasks = new TaskBook();
  /** As all sessions have it. */
  readonly known: Known;
  /** To its servers, by rules. */
  readonly supplied: Supplied;
  /** `undefined` until the first message tells. */
  era: Era | undefined;
  /** In the modern era: what each way of introducing itself came to. */
  readonly introductions = new Introductions();
  /** In the modern era: what was asked on each stream, while it is open. Their ids need not differ. */
  readonly byStream = new IdTable<Exchange, number>();
  /** Over HTTP in the modern era: the headers on each stream that repeat arguments, while it is open. */
  readonly mirrored = new IdTable<Headers, number>();
  /** In the modern era: calls at legacy servers, which may ask something in the middle of them. */
  readonly parked = new ParkedCalls();
  principal: Principal;
  /** The client's `initialize` came, and was not refused so far. */
  isGreeting = false;
  /** Its messages come on streams: what servers send has to find the right one. */
  hasStreams = false;
  /** What it said, once no rule refused it. */
  greeting: Greeting | undefined;
  /** The capabilities it was told, in the answer. */
  advertised: JsonObject = {};
  /** While the client waits for the answer to it: to be called when a server is ready, or will not come. */
  onServerKnown: (() => void) | undefined;
  /** The client has its answer to `initialize`. */
  isRunning = false;
  /** The client has said so, or behaved so: servers may ask it. */
  isClientReady = false;
  /** What came before the answer to `initialize` and can only be handled after it. */
  early: Waiting[] = [];
  private readonly unannounced = new Set<string>();
  private madeKey: string | undefined;
  /** The last level that the client set, as it stood in its message; servers that come late are told. */
  logLevel: string | undefined;

  constructor(id: ClientId, who: Omit<Principal, "client">, world: World, options: DispatchOptions, known: Known) {
    this.id = id;
    this.known = known;
    this.supplied = new Supplied(known.supplied);
    const outside = new Outside(world, (text) => maskText(this.judge.revision, text, this.supplied.everything()));
    this.outside = outside;
    this.options = options;
    this.judge = new Judge({
      outside,
      store: known.store,
      loggedAs: options.logsMessages === true ? id : undefined,
      limits: options.limits,
      gates: known.gatesOf(this),
      session: () => this.key,
      supplied: this.supplied,
    });
    const { user, profile, languages } = who;
    this.principal = { client: undefined, user, profile, ...(languages && { languages }) };
    this.client = new Peer(undefined, (bytes, stream) =>
      outside.command({ kind: "to-client", client: id, bytes, stream }),
    );
    this.listeners = new Listeners((bytes, stream) => this.client.send(bytes, stream));
    const way = { client: id, outside, limits: options.limits };
    this.links = options.servers.map((server) => {
      const link: ServerLink = new ServerLink(server, outside, (bytes, likeness) =>
        toServer(link, bytes, way, likeness),
      );
      return link;
    });
    this.catalogue = new Catalogue(this);
  }

  /** Who talks. What it is before the first request has told the era is not kept. */
  get key(): string {
    if (this.madeKey !== undefined) return this.madeKey;
    const key = sessionKey(this, this.options.seal.digest);
    if (this.era !== undefined) this.madeKey = key;
    return key;
  }

  /** What the client can do, after the rules. */
  get capabilities(): JsonObject {
    return this.greeting?.capabilities ?? {};
  }

  isAdvertised(capability: string): boolean {
    return Object.hasOwn(this.advertised, capability);
  }

  link(server: string): ServerLink | undefined {
    return this.links.find((link) => link.name === server);
  }

  /** Where the client gets what this server says: with the request it is about, else with the latest it has not answered. */
  streamOf(link: ServerLink, about: string | undefined): number | undefined {
    if (!this.hasStreams) return undefined;
    if (about !== undefined) return link.awaited.get(about)?.origin?.exchange.stream;
    const streams = link.awaited.values().flatMap(({ origin }) => origin?.exchange.stream ?? []);
    return streams.length === 0 ? undefined : Math.max(...streams);
  }

  facts(
    kind: Facts["kind"],
    method: string,
    from: Facts["from"],
    server: string | undefined,
    name?: string,
    thing?: Facts["thing"],
  ): Facts {
    return { kind, method, from, server, name, thing, principal: this.principal };
  }

  /** The client has its answer to `initialize`. */
  start(): void {
    this.isRunning = true;
    this.catalogue.begin();
    const { early } = this;
    this.early = [];
    for (const { isOrdered, start } of early) this.client.lane.enter(isOrdered, start);
  }

  /** Runs `start` once the client has its answer to `initialize`; before it was asked for one, nothing means anything. */
  whenRunning(isOrdered: boolean, start: () => void): void {
    if (this.isRunning) start();
    else if (this.isGreeting) this.early.push({ isOrdered, start: this.outside.later(start) });
  }

  /** Runs `start` once the client may be asked: `notifications/initialized` must come first (2025-11-25, Lifecycle). */
  whenClientReady(link: ServerLink, isOrdered: boolean, start: () => void): void {
    if (this.isClientReady) start();
    else link.held.push({ isOrdered, start: this.outside.later(start) });
  }

  clientIsReady(): void {
    if (this.isClientReady) return;
    this.isClientReady = true;
    for (const method of this.unannounced) this.announce(method);
    for (const link of this.links) {
      const { held } = link;
      link.held = [];
      for (const { isOrdered, start } of held) link.lane.enter(isOrdered, start);
    }
  }

  /** In the modern era a client is told only what it listens for; in the legacy one, only of what it was told there is. */
  announce(method: string): void {
    if (this.era === "modern") this.listeners.announce(method);
    else if (!LISTS.some(({ changed, capability }) => changed === method && this.isAdvertised(capability))) return;
    else if (this.isClientReady) this.client.send([composeNotification(method)]);
    else this.unannounced.add(method);
  }
}
