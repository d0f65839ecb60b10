// Connections to servers over HTTP/1.1, kept for the next request: as many as there are requests, since a stream of events holds one for as long as it likes.
import type { ConnectionOptions } from "node:tls";
import type { HttpEvents, HttpRequest, Running } from "../http-request.ts";
import { Connection, type ConnectionHost } from "./connection.ts";
import { Exchange } from "./exchange.ts";

/** What ended after so many milliseconds without work may not have been noticed. */
const LONG_MS = 100;
/** So many milliseconds after a response it is known whether a server ends all connections with one and does not say so, as some do. */
const DOUBT_MS = 10;
/** How often those are looked for that had nothing to do for too long, in milliseconds. */
const SWEEP_MS = 500;

export class Connections implements ConnectionHost {
  readonly tls: ConnectionOptions;
  private readonly all = new Set<Connection>();
  /** By where they lead to; the one that was used last is last. */
  private readonly idle = new Map<string, Connection[]>();
  /** Where connections are not ended with a response. */
  private readonly lasting = new Set<string>();
  private sweeping: NodeJS.Timeout | undefined;
  private isDestroyed = false;

  /** `tls`: beside what Node trusts. */
  constructor(tls: ConnectionOptions = {}) {
    this.tls = tls;
  }

  start(request: HttpRequest, events: HttpEvents): Running {
    const exchange = new Exchange(request, events);
    const origin = originOf(request.url);
    const kept = this.kept(origin);
    if (kept === undefined) this.send(exchange, undefined);
    // A turn of the event loop, and it is known whether the server has ended it.
    else if (performance.now() - kept.idleSince > LONG_MS) setImmediate(() => this.send(exchange, kept));
    else if (this.lasting.has(origin)) this.send(exchange, kept);
    // Where we were busy that long, its end has come and is not read yet.
    else setTimeout(() => setImmediate(() => this.sendIfLasting(exchange, kept)), DOUBT_MS);
    return exchange;
  }

  free(connection: Connection): void {
    const { origin } = connection;
    const idle = this.idle.get(origin);
    if (idle === undefined) this.idle.set(origin, [connection]);
    else idle.push(connection);
    // A timer for each would be set and cleared with every request.
    this.sweeping ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  gone(connection: Connection): void {
    this.all.delete(connection);
    const idle = this.idle.get(connection.origin);
    const at = idle?.indexOf(connection) ?? -1;
    if (at !== -1) idle?.splice(at, 1);
  }

  /** Perhaps this was the way its server ends all. */
  lost({ origin }: Connection): void {
    this.lasting.delete(origin);
  }

  /** Cuts them all: what is under way fails, and all that comes later. */
  destroy(): void {
    this.isDestroyed = true;
    for (const connection of this.all) connection.destroy();
  }

  private sweep(): void {
    const now = performance.now();
    for (const connection of [...this.idle.values()].flat()) {
      if (now - connection.idleSince >= connection.idleMs) connection.destroy();
    }
    if (this.all.size > 0) return;
    clearInterval(this.sweeping);
    this.sweeping = undefined;
  }

  private sendIfLasting(exchange: Exchange, kept: Connection): void {
    if (kept.isUsable) this.lasting.add(kept.origin);
    this.send(exchange, kept);
  }

  private send(exchange: Exchange, kept: Connection | undefined): void {
    const isKept = kept?.isUsable === true;
    if (exchange.isOver && isKept) this.free(kept);
    if (exchange.isOver) return;
    const connection = isKept ? kept : this.open(exchange);
    connection?.send(exchange);
    if (this.isDestroyed) connection?.destroy();
  }

  private kept(origin: string): Connection | undefined {
    const idle = this.idle.get(origin);
    while (idle !== undefined && idle.length > 0) {
      const connection = idle.pop();
      if (connection?.isUsable === true) return connection;
    }
    return undefined;
  }

  private open(exchange: Exchange): Connection | undefined {
    try {
      const connection = new Connection(this, exchange.request.url);
      this.all.add(connection);
      return connection;
    } catch (error) {
      // So Node says that what should be our certificate is none.
      const reason = error instanceof Error ? error : new Error(String(error));
      setImmediate(() => exchange.failed(reason));
      return undefined;
    }
  }
}

const ORIGINS = new WeakMap<URL, string>();

/** A URL puts its parts together each time it is asked. */
function originOf(url: URL): string {
  const origin = ORIGINS.get(url) ?? url.origin;
  ORIGINS.set(url, origin);
  return origin;
}
