// A server over HTTP, as one client has it: Streamable HTTP, or HTTP+SSE where the settings or the server want that.
import type { MessageBytes } from "../../dispatch/event.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { Headers } from "../../message/eras/modern-headers.ts";
import type { MessageLimits, ServerChannel, ServerEnd, ServerEvents } from "../servers/server-end.ts";
import type { HttpServer } from "../settings/settings.ts";
import type { HttpPool } from "./http-pool.ts";
import { SseServer } from "./http-sse.ts";
import { type Outgoing, outgoingRequest, readOutgoing } from "./outgoing.ts";
import { StatelessServer } from "./stateless.ts";
import { StreamableServer } from "./streamable.ts";
import type { Transport, TransportParts } from "./transport.ts";
import { Wire } from "./wire.ts";

export interface HttpServerOptions {
  readonly settings: HttpServer;
  readonly pool: HttpPool;
  readonly limits: MessageLimits;
  readonly events: ServerEvents;
}

export function connectServer(options: HttpServerOptions): ServerEnd {
  return new Connection(options);
}

/** What a server of 2024-11-05 may answer to a POST (2025-11-25, Transports, Backwards Compatibility). */
const MAYBE_OLD: ReadonlySet<number> = new Set([400, 404, 405]);

const TOO_OLD = 'its `type` is "sse", which is older than what was asked';

class Connection implements ServerEnd, ServerChannel {
  readonly channel = this;
  readonly ended: Promise<string>;
  private readonly options: HttpServerOptions;
  private readonly haste = new AbortController();
  private tellEnd: (reason: string) => void = () => undefined;
  private wire: Wire | undefined;
  private transport: Transport | undefined;
  /** `undefined`: also where the settings say that it is too old for that. */
  private stateless: StatelessServer | undefined;
  /** What is to be sent before there is a transport. */
  private early: Outgoing[] = [];
  /** The first message of a session. */
  private greeting: Outgoing | undefined;
  private isPaused = false;
  private closing: Promise<void> | undefined;

  constructor(options: HttpServerOptions) {
    this.options = options;
    this.ended = new Promise((resolve) => {
      this.tellEnd = resolve;
    });
    void this.connect();
  }

  send(bytes: MessageBytes, headers?: Headers, read?: Pick<RequestEnvelope, "id" | "method">): void {
    const outgoing = read === undefined ? readOutgoing(bytes, this.options.limits) : outgoingRequest(bytes, read);
    const message = { ...outgoing, headers };
    if (headers === undefined) this.greeting ??= message;
    if (this.transport === undefined) this.early.push(message);
    else this.deliver(message, this.transport);
  }

  abandon(about: string): void {
    this.early = this.early.filter(({ id, headers }) => id !== about || headers === undefined);
    this.stateless?.abandon(about);
  }

  /** Each message leaves by itself. */
  flush(): void {}

  isFull(): boolean {
    return this.transport?.isFull === true;
  }

  setPaused(isPaused: boolean): void {
    if (this.isPaused === isPaused) return;
    this.isPaused = isPaused;
    this.wire?.setPaused(isPaused);
  }

  close(): Promise<void> {
    this.closing ??= this.transport?.close(this.haste.signal) ?? Promise.resolve();
    return this.closing;
  }

  hurry(): void {
    this.haste.abort();
  }

  private async connect(): Promise<void> {
    const { limits, events, settings, pool } = this.options;
    const [connections, credentials] = await Promise.all([pool.open(), pool.credentialsFor(settings)]);
    const wire = new Wire(connections, settings, { credentials, drained: events.drained });
    if (this.closing !== undefined) return;
    this.wire = wire;
    wire.setPaused(this.isPaused);
    const host = { wire, limits, events };
    this.transport =
      settings.wire === "sse"
        ? new SseServer({ ...host, ended: (reason) => this.end(reason) })
        : new StreamableServer({ ...host, ended: (reason, status) => this.refused(host, reason, status) });
    if (settings.wire !== "sse") this.stateless = new StatelessServer(host);
    for (const message of this.early) this.deliver(message, this.transport);
    this.early = [];
    events.chunkDone();
  }

  private deliver(message: Outgoing, transport: Transport): void {
    if (message.headers === undefined) transport.send(message);
    else if (this.stateless !== undefined) this.stateless.send(message);
    else if (message.id !== undefined) this.options.events.unanswered(message.id, TOO_OLD, "legacy");
  }

  /** The server does not take the handshake. It may be one of the older way, which would not know what a POST is for. */
  private refused(host: TransportParts, reason: string, status: number | undefined): void {
    const { greeting } = this;
    const isMaybeOld = status !== undefined && MAYBE_OLD.has(status);
    if (this.options.settings.wire !== "either" || !isMaybeOld || greeting === undefined) {
      this.end(reason);
      return;
    }
    this.transport = new SseServer({
      ...host,
      ended: (other, answer) => this.end(answer === undefined ? other : reason),
    });
    this.transport.send(greeting);
  }

  private end(reason: string): void {
    this.tellEnd(reason);
    void this.close();
  }
}
