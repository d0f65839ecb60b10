// One connection to a server over HTTP/1.1: one request goes out and its response comes back, and then perhaps the next.
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { Carrier, Exchange } from "./exchange.ts";
import { requestHead } from "./request-head.ts";
import type { ReadHead } from "./response-head.ts";
import { type Fault, type ResponseEvents, ResponseReader } from "./response-reader.ts";

export interface ConnectionHost {
  readonly tls: ConnectionOptions;
  /** The next request may go over it. */
  free(connection: Connection): void;
  gone(connection: Connection): void;
  /** It ended while somebody waited for what was asked over it. */
  lost(connection: Connection): void;
}

/** How long a connection may take to stand, in milliseconds. */
const CONNECT_MS = 10_000;
/** How long it is kept for the next request where the server says nothing of that, in milliseconds: few end them sooner. */
const IDLE_MS = 4000;
/** So much sooner than the server, for what is on its way by then, in milliseconds. */
const MARGIN_MS = 2000;
const MAX_IDLE_MS = 600_000;
/** How long nothing may come before the other end is asked whether it is still there, in milliseconds. */
const PROBE_MS = 60_000;
/** Bytes of a body that leave in one piece with what stands before it. */
const IN_ONE = 16 * 1024;
/** Bytes of a longer body that are handed over at once; the rest waits until there is room. */
const SLICE = 256 * 1024;

export class Connection implements ResponseEvents, Carrier {
  readonly origin: string;
  /** Since when there is nothing to do; of `performance.now()`. */
  idleSince = 0;
  /** How long it is kept for the next request. */
  idleMs = IDLE_MS;
  private readonly host: ConnectionHost;
  private readonly socket: Socket;
  private readonly reader = new ResponseReader(this);
  private exchange: Exchange | undefined;
  private isSending = false;
  private isLasting = true;
  private idleHint: string | undefined;

  constructor(host: ConnectionHost, url: URL) {
    this.host = host;
    this.origin = url.origin;
    this.socket = open(url, host.tls, (chunk) => this.read(chunk));
    this.socket.on("end", () => this.ended());
    this.socket.on("error", (error) => this.fail(error));
    this.socket.on("close", () => this.closed());
    this.socket.on("timeout", () => this.fail(codedError("ETIMEDOUT")));
    this.socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => this.socket.setTimeout(0));
  }

  get isUsable(): boolean {
    return !this.socket.destroyed;
  }

  /** There is no other one under way. */
  send(exchange: Exchange): void {
    this.exchange = exchange;
    exchange.carrier = this;
    const { body } = exchange.request;
    const head = requestHead(exchange.request);
    if (head === undefined) {
      this.socket.destroy(codedError("ERR_INVALID_CHAR"));
      return;
    }
    this.reader.expect();
    if (exchange.isPaused) this.socket.pause();
    if (body !== undefined && body.length > IN_ONE) {
      this.socket.write(head, "latin1");
      this.sendBody(exchange, body, 0);
      return;
    }
    this.socket.write(inOne(head, body));
    exchange.sent(body?.length ?? 0);
  }

  setPaused(isPaused: boolean): void {
    if (isPaused) this.socket.pause();
    else this.socket.resume();
  }

  destroy(): void {
    this.socket.destroy();
  }

  head(head: ReadHead): void {
    this.isLasting = head.isLasting;
    this.heed(head.headers["keep-alive"]?.toString());
    this.exchange?.head(head);
  }

  body(bytes: Buffer): void {
    this.exchange?.chunk(bytes);
  }

  end(isAll: boolean): void {
    const { exchange } = this;
    this.exchange = undefined;
    if (exchange?.isPaused === true) this.socket.resume();
    // A server that answers before it was told all would take the rest for the next request.
    if (!this.isLasting || !isAll || this.isSending) this.socket.destroy();
    else this.rest();
    exchange?.end();
  }

  private rest(): void {
    if (this.socket.destroyed) return;
    this.idleSince = performance.now();
    this.host.free(this);
  }

  private sendBody(exchange: Exchange, body: Buffer, from: number): void {
    this.isSending = true;
    for (let at = from; at < body.length; at += SLICE) {
      const piece = body.subarray(at, at + SLICE);
      const isRoom = this.socket.write(piece);
      exchange.sent(piece.length);
      const next = at + SLICE;
      if (!isRoom && next < body.length) {
        this.socket.once("drain", () => this.sendBody(exchange, body, next));
        return;
      }
    }
    this.isSending = false;
  }

  /** How long the server keeps a connection for the next request. */
  private heed(hint: string | undefined): void {
    if (hint === this.idleHint) return;
    this.idleHint = hint;
    const [, seconds] = /(?:^|[ ,])timeout=(\d{1,9})(?:$|[ ,;])/i.exec(hint ?? "") ?? [];
    this.idleMs = seconds === undefined ? IDLE_MS : Math.min(Number(seconds) * 1000 - MARGIN_MS, MAX_IDLE_MS);
    if (this.idleMs <= 0) this.isLasting = false;
  }

  private read(chunk: Buffer): void {
    const fault = this.reader.read(chunk);
    if (fault !== undefined) this.fail(codedError(CODES[fault]));
  }

  private ended(): void {
    if (!this.reader.close()) this.fail(codedError("ECONNRESET"));
  }

  private closed(): void {
    this.host.gone(this);
    this.fail(codedError("ECONNRESET"));
  }

  private fail(error: Error): void {
    const { exchange } = this;
    this.exchange = undefined;
    this.socket.destroy();
    if (exchange?.isOver === false) this.host.lost(this);
    exchange?.failed(error);
  }
}

/** As `http-failure.ts` knows them: the first are Node's own. */
const CODES: Readonly<Record<Fault, string>> = {
  "no HTTP": "HPE_INVALID",
  "too many headers": "HPE_HEADER_OVERFLOW",
};

function codedError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function inOne(head: string, body: Buffer | undefined): Buffer {
  if (body === undefined) return Buffer.from(head, "latin1");
  const bytes = Buffer.allocUnsafe(head.length + body.length);
  bytes.write(head, "latin1");
  body.copy(bytes, head.length);
  return bytes;
}

/** Where all plain connections read to, one after the other: what is kept of it is copied. */
const READ_TO = Buffer.allocUnsafeSlow(64 * 1024);

function open(url: URL, tls: ConnectionOptions, read: (chunk: Buffer) => void): Socket {
  const { protocol, hostname, port } = url;
  // An address of version 6 stands in brackets in a URL.
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const isSecure = protocol === "https:";
  const usual = isSecure ? 443 : 80;
  const to = port === "" ? usual : Number(port);
  const socket = isSecure ? openTls(host, to, tls) : openPlain(host, to, read);
  if (isSecure) socket.on("data", read);
  socket.setTimeout(CONNECT_MS);
  return socket.setNoDelay(true).setKeepAlive(true, PROBE_MS);
}

function openTls(host: string, port: number, tls: ConnectionOptions): Socket {
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ ...tls, ...name, host, port, ALPNProtocols: ["http/1.1"] });
}

function openPlain(host: string, port: number, read: (chunk: Buffer) => void): Socket {
  const callback = (length: number): boolean => {
    read(Buffer.from(READ_TO.subarray(0, length)));
    return true;
  };
  return connect({ host, port, onread: { buffer: READ_TO, callback } });
}
