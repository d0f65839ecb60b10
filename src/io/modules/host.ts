// The life of a host: opened, listed, opened again after it ended, given a rest when it fails too often.
import type { LockedInterceptor } from "../../mcp/interceptor-lock.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { Connection, ConnectionEvents, Opener, Opening } from "./connection.ts";
import { type Listed, type Listing, readListing } from "./descriptors.ts";
import { sayReply } from "./handshake.ts";
import type { ModuleMeter } from "./meter.ts";
import type { ModuleSettings } from "./module-settings.ts";
import { Offers } from "./offers.ts";
import type { Reply } from "./peer.ts";
import { Rest } from "./rest.ts";
import { CONTRACT } from "./wire.ts";

export interface HostOptions {
  readonly settings: ModuleSettings;
  /** What the lock says of it; `undefined`: nothing. */
  readonly locked: readonly LockedInterceptor[] | undefined;
  readonly maxBytes: number;
  readonly meter: ModuleMeter;
  readonly open: (opener: Opener) => Opening;
  /** What it offers is other than before, or it is there again. */
  readonly renewed: () => void;
  readonly report: (level: "info" | "warn", text: string) => void;
  readonly said: (line: string) => void;
}

export type HostState =
  | { readonly kind: "starting" }
  | { readonly kind: "up"; readonly revision: string }
  | { readonly kind: "down"; readonly reason: string };

/** The first start may take longer than what comes after it: a process may have to be fetched. */
const START_MS = 10_000;
const BACKOFF = { firstMs: 250, mostMs: 30_000, healthyMs: 60_000 };

export class Host {
  /** Resolves once it is known whether it comes up at the first attempt. */
  readonly started: Promise<void>;
  readonly offers: Offers;
  state: HostState = { kind: "starting" };
  digest: string | undefined;
  private readonly options: HostOptions;
  private connection: Connection | undefined;
  private timer: NodeJS.Timeout | undefined;
  private backoffMs = BACKOFF.firstMs;
  private upSince = 0;
  /** Aborted once it is to be ended. */
  private readonly closing = new AbortController();
  private readonly rest: Rest;

  constructor(options: HostOptions) {
    const { meter, locked, report } = options;
    const warn = (text: string): void => report("warn", text);
    const { signal } = this.closing;
    this.options = options;
    this.offers = new Offers(locked, warn);
    this.rest = new Rest({ meter, warn, signal, canBeListed: () => this.canBeListed() });
    this.started = this.open(true);
  }

  /** Fails at once while the host is down, or given a rest. */
  async invoke(params: JsonObject, withinMs: number): Promise<Reply> {
    const { settings, meter } = this.options;
    const { connection } = this;
    if (connection === undefined) return down(this.state.kind === "down" ? this.state.reason : "it is starting");
    if (meter.isBreakerOpen) return down("it failed too often, and is given a rest");
    const method = settings.drift.plural ? CONTRACT.invokePlural : CONTRACT.invoke;
    const reply = await connection.ask(method, params, withinMs);
    if (reply.kind === "failed") this.failed();
    return reply;
  }

  /** What failed counts, whoever found out: the fifth in two minutes opens the breaker. */
  failed(): void {
    this.rest.failed();
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearTimeout(this.timer);
    const { connection } = this;
    this.connection = undefined;
    this.state = { kind: "down", reason: "it is being ended" };
    await connection?.close();
    await this.started;
  }

  private async open(isFirst: boolean): Promise<void> {
    const made = await this.connect();
    if (typeof made === "string") {
      this.down(made, isFirst);
      return;
    }
    if (this.closing.signal.aborted) return made.connection.close();
    this.takeOver(made);
    if (!isFirst) this.options.renewed();
  }

  /** A text says why there is no connection that could be used. */
  private async connect(): Promise<string | Connected> {
    const { settings, maxBytes, open } = this.options;
    const life: Life = { connection: undefined, isOutdated: false, isListing: false };
    const { signal } = this.closing;
    const opened = await open({ settings, maxBytes, signal, withinMs: START_MS, events: this.eventsOf(life) });
    if (typeof opened === "string") return opened;
    life.connection = opened;
    const listing = await listOf(opened);
    if (listing.kind === "listed") return { connection: opened, listing };
    await opened.close();
    return listing.reason;
  }

  private takeOver({ connection, listing }: Connected): void {
    const before = this.connection;
    this.connection = connection;
    this.digest = connection.digest;
    this.state = { kind: "up", revision: connection.revision };
    this.upSince = performance.now();
    this.offers.list(listing);
    this.rest.end();
    connection.watch?.(() => void this.replace(connection));
    void before?.close();
  }

  private eventsOf(life: Life): ConnectionEvents {
    const { report, said, meter } = this.options;
    return {
      ended: (reason) => {
        if (this.isCurrent(life)) this.ended(reason);
      },
      changed: () => void this.relistInTurn(life),
      late: () => {
        meter.late += 1;
      },
      report: (text) => report("warn", text),
      said,
    };
  }

  private ended(reason: string): void {
    const { connection } = this;
    this.connection = undefined;
    void connection?.close();
    this.failed();
    if (performance.now() - this.upSince > BACKOFF.healthyMs) this.backoffMs = BACKOFF.firstMs;
    this.down(reason, false);
  }

  private down(reason: string, isFirst: boolean): void {
    this.state = { kind: "down", reason };
    if (this.closing.signal.aborted) return;
    this.options.report("warn", reason);
    if (isFirst) this.failed();
    const waitMs = BACKOFF.firstMs / 2 + Math.random() * this.backoffMs;
    this.backoffMs = Math.min(this.backoffMs * 2, BACKOFF.mostMs);
    this.timer = setTimeout(() => {
      this.options.meter.restarts += 1;
      void this.open(false);
    }, waitMs).unref();
  }

  /** The file it came from is another: what runs goes on until the new one is there. */
  private async replace(outdated: Connection): Promise<void> {
    const made = await this.connect();
    if (this.connection !== outdated) return typeof made === "string" ? undefined : made.connection.close();
    const { report, renewed } = this.options;
    if (typeof made === "string")
      return report("warn", `its file changed and cannot be used, so the old one stays: ${made}`);
    this.takeOver(made);
    report("info", "its file changed, and was loaded anew");
    renewed();
  }

  private isCurrent({ connection }: Life): boolean {
    return connection !== undefined && connection === this.connection;
  }

  /** However often it says so meanwhile, it is listed once more. */
  private async relistInTurn(life: Life): Promise<void> {
    life.isOutdated = true;
    if (life.isListing) return;
    life.isListing = true;
    while (life.isOutdated) {
      life.isOutdated = false;
      await this.relist(life);
    }
    life.isListing = false;
  }

  private async relist(life: Life): Promise<void> {
    const { connection } = life;
    if (connection === undefined || !this.isCurrent(life)) return;
    const listing = await listOf(connection);
    if (!this.isCurrent(life)) return;
    if (listing.kind === "malformed") return this.ended(listing.reason);
    if (this.offers.list(listing)) this.options.renewed();
  }

  private async canBeListed(): Promise<boolean> {
    const listing = this.connection && (await listOf(this.connection));
    return listing?.kind === "listed";
  }
}

interface Connected {
  readonly connection: Connection;
  readonly listing: Listed;
}

/** Set once the connection is there; its events are told by then. */
interface Life {
  connection: Connection | undefined;
  /** What it offers is other than it was listed last. */
  isOutdated: boolean;
  isListing: boolean;
}

async function listOf(connection: Connection): Promise<Listing> {
  const reply = await connection.ask(CONTRACT.list, {}, START_MS);
  if (reply.kind === "result") return readListing(reply.result);
  const isNone = reply.kind === "error" && reply.code === -32_601;
  return { kind: "malformed", reason: isNone ? "it has no interceptors" : `it cannot be listed: ${sayReply(reply)}` };
}

function down(reason: string): Reply {
  return { kind: "failed", failure: "down", reason };
}
