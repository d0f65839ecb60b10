// Connections of clients that ask in the plainest way: they are served from here, and all others by Node's own server.
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { WholeRequest } from "../request-and-response.ts";
import { type Patience, PlainConnection, type PlainHost } from "./connection.ts";
import type { PlainResponse } from "./response.ts";

/** In milliseconds, as Node's server has them. */
export interface PlainOptions {
  readonly longestBody: number;
  readonly keepAliveMs: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly connectionsCheckingInterval: number;
  readonly serve: (request: WholeRequest, response: PlainResponse) => void;
  /** Somebody begins to speak TLS, which Node's server will not understand. */
  readonly tlsBegun: (socket: Socket) => void;
}

/** The first byte of every connection over TLS (RFC 8446, 5.1); no request begins so. */
const TLS_HANDSHAKE = 0x16;

type Connected = (this: Server, socket: Socket) => void;

/**
 * What Node's server makes of a request and its response - two streams, their events, a turn of the microtasks for each - costs a
 * quarter of a call that comes alone, and a third of one among 64. What a plain connection reads is much less than HTTP, so
 * that nobody can understand it in another way; with the first request that is not that plain the connection becomes one
 * of Node's server, from this request's bytes on, and stays so.
 */
export class PlainConnections implements PlainHost {
  readonly keepAliveLine: string;
  readonly longestBody: number;
  readonly serve: PlainOptions["serve"];
  private readonly server: Server;
  private readonly tlsBegun: PlainOptions["tlsBegun"];
  /** What Node's server does with a connection. */
  private readonly connected: readonly Connected[];
  private readonly all = new Set<PlainConnection>();
  private readonly timer: NodeJS.Timeout;

  constructor(server: Server, options: PlainOptions) {
    const { keepAliveMs, longestBody, serve, connectionsCheckingInterval: every } = options;
    this.server = server;
    this.serve = serve;
    this.tlsBegun = options.tlsBegun;
    this.longestBody = longestBody;
    this.keepAliveLine = `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n`;
    this.connected = server.listeners("connection") as Connected[];
    server.removeAllListeners("connection");
    server.on("connection", (socket: Socket) => this.all.add(new PlainConnection(this, socket)));
    const patience = {
      first: Math.ceil(options.headersTimeout / every),
      whole: Math.ceil(options.requestTimeout / every),
      next: Math.ceil(keepAliveMs / every),
    };
    this.timer = setInterval(() => this.tend(patience), every).unref();
  }

  handOver(connection: PlainConnection, bytes: Buffer): void {
    const { socket } = connection;
    if (bytes[0] === TLS_HANDSHAKE) this.tlsBegun(socket);
    connection.release();
    this.all.delete(connection);
    for (const connected of this.connected) connected.call(this.server, socket);
    socket.unshift(bytes);
  }

  gone(connection: PlainConnection): void {
    this.all.delete(connection);
  }

  /** Cuts them all. */
  close(): void {
    clearInterval(this.timer);
    for (const { socket } of this.all) socket.destroy();
  }

  private tend(patience: Patience): void {
    for (const connection of this.all) connection.tend(patience);
  }
}
