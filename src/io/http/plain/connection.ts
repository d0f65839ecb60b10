// One connection of a client that asks as nearly all do: a POST whose head says nothing special, and a short body. All else is for Node.
import type { Socket } from "node:net";
import type { WholeRequest } from "../request-and-response.ts";
import { HeadReader, type PlainHead } from "./head-reader.ts";
import { PlainResponse, type ResponseHost } from "./response.ts";

export interface PlainHost {
  readonly keepAliveLine: string;
  /** In bytes. */
  readonly longestBody: number;
  serve(request: WholeRequest, response: PlainResponse): void;
  /** Node goes on with this connection, from these bytes. */
  handOver(connection: PlainConnection, bytes: Buffer): void;
  gone(connection: PlainConnection): void;
}

/** In looks at it, each a while after the last. */
export interface Patience {
  readonly first: number;
  readonly whole: number;
  readonly next: number;
}

const HEAD_END = "\r\n\r\n";
const MOST_HEAD = 16 * 1024;
/** Bytes that are taken while an answer is awaited: the next request, from who does not wait for it. */
const MOST_HELD = 64 * 1024;
const TIMED_OUT = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n";

/** A request of which some of the body is to come. */
interface Begun {
  readonly head: PlainHead;
  readonly body: Buffer;
  has: number;
}

export class PlainConnection implements ResponseHost {
  readonly socket: Socket;
  private readonly host: PlainHost;
  private readonly heads = new HeadReader();
  private response: PlainResponse | undefined;
  private begun: Begun | undefined;
  /** What came while an answer was awaited. */
  private held: Buffer | undefined;
  private hasAsked = false;
  /** Looks at it since something happened. */
  private looks = 0;

  constructor(host: PlainHost, socket: Socket) {
    this.host = host;
    this.socket = socket;
    socket.on("data", this.read);
    socket.on("drain", this.drained);
    socket.on("end", this.ended);
    socket.on("close", this.closed);
    socket.on("error", ignore);
  }

  get keepAliveLine(): string {
    return this.host.keepAliveLine;
  }

  /** Looked at from time to time. */
  tend(patience: Patience): void {
    if (this.response !== undefined) return;
    this.looks += 1;
    if (this.looks <= this.looksOf(patience)) return;
    const isAwaited = this.begun !== undefined || !this.hasAsked;
    if (isAwaited) this.socket.write(TIMED_OUT, "latin1");
    this.socket.destroy();
  }

  finished(): void {
    this.response = undefined;
    this.looks = 0;
    // Before anything else is read, and not within the turn of who answered.
    if (this.held !== undefined) process.nextTick(this.readHeld);
  }

  /** It is Node's from now on. */
  release(): void {
    const { socket } = this;
    socket.off("data", this.read);
    socket.off("drain", this.drained);
    socket.off("end", this.ended);
    socket.off("close", this.closed);
    socket.off("error", ignore);
  }

  private readonly read = (chunk: Buffer): void => {
    // Of a socket that was paused, several come in one turn: none overtakes what is held.
    if (this.response !== undefined || this.held !== undefined) this.hold(chunk);
    else if (this.begun === undefined) this.begin(chunk);
    else this.goOn(this.begun, chunk);
  };

  private readonly readHeld = (): void => {
    const { held, socket } = this;
    // What is asked of a connection that cannot answer any more is not done: its door may be closed.
    if (held === undefined || !socket.writable) return;
    this.held = undefined;
    socket.resume();
    this.begin(held);
  };

  private readonly drained = (): void => this.response?.drained();

  /** Who says no more does not listen either: so Node takes it too. */
  private readonly ended = (): void => void this.socket.end();

  private readonly closed = (): void => {
    this.host.gone(this);
    this.response?.gone();
  };

  private looksOf({ first, whole, next }: Patience): number {
    if (this.begun !== undefined) return whole;
    return this.hasAsked ? next : first;
  }

  private begin(bytes: Buffer): void {
    const end = bytes.indexOf(HEAD_END, 0, "latin1");
    const head = end === -1 || end > MOST_HEAD ? undefined : this.heads.read(bytes.toString("latin1", 0, end));
    const { length } = this.heads;
    const from = end + HEAD_END.length;
    const has = bytes.length - from;
    if (head === undefined || length > this.host.longestBody || has > length) this.host.handOver(this, bytes);
    else if (has === length) this.serve(head, bytes.subarray(from));
    else this.wait(head, bytes.subarray(from), length);
  }

  private wait(head: PlainHead, start: Buffer, length: number): void {
    const body = Buffer.allocUnsafeSlow(length);
    body.set(start);
    this.looks = 0;
    this.begun = { head, body, has: start.length };
  }

  private goOn(begun: Begun, chunk: Buffer): void {
    const { head, body } = begun;
    const missing = body.length - begun.has;
    const part = chunk.length > missing ? chunk.subarray(0, missing) : chunk;
    body.set(part, begun.has);
    begun.has += part.length;
    if (begun.has < body.length) return;
    this.begun = undefined;
    if (chunk.length > missing) this.held = chunk.subarray(missing);
    this.serve(head, body);
  }

  private serve({ url, headers }: PlainHead, body: Buffer): void {
    this.hasAsked = true;
    const response = new PlainResponse(this);
    this.response = response;
    this.host.serve({ method: "POST", url, headers, body }, response);
  }

  private hold(chunk: Buffer): void {
    this.held = this.held === undefined ? chunk : Buffer.concat([this.held, chunk]);
    if (this.held.length > MOST_HELD) this.socket.pause();
  }
}

/** The end of a connection shows by itself. */
function ignore(): void {}
