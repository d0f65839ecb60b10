// What a plain connection answers (HTTP/1.1, RFC 9112): mostly a head and a body in one piece, else a body in chunks.
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ClientResponse } from "../request-and-response.ts";
import { dateLine } from "./date-line.ts";

/** Bytes up to which one copy is cheaper than several writes. */
const SMALL = 16 * 1024;
const NOTHING = Buffer.alloc(0);
const NO_PIECES: readonly Buffer[] = [];
const OK = 200;
const NO_CONTENT = 204;
/** A value that holds anything else could end the head. */
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

export interface ResponseHost {
  readonly socket: Socket;
  /** Says how long the connection is kept. */
  readonly keepAliveLine: string;
  /** The client has all of it. */
  finished(): void;
}

export class PlainResponse implements ClientResponse {
  destroyed = false;
  writableFinished = false;
  private readonly host: ResponseHost;
  /** Said, and not sent yet. */
  private head = "";
  private hasHead = false;
  private isInChunks = false;
  private isCorked = false;
  private isEnded = false;
  private gathered: Buffer[] = [];
  private closeListeners: readonly (() => void)[] = [];
  private drainListeners: readonly (() => void)[] = [];

  constructor(host: ResponseHost) {
    this.host = host;
  }

  get socket(): Socket {
    return this.host.socket;
  }

  get writableLength(): number {
    return this.destroyed ? 0 : this.host.socket.writableLength;
  }

  /** Once. */
  writeHead(status: number, headers: Readonly<Record<string, string | number>> = {}): this {
    if (this.hasHead) throw new Error("this response has a head already");
    this.hasHead = true;
    let lines = "";
    for (const name in headers) lines += line(name, headers[name]);
    this.isInChunks = headers["content-length"] === undefined && status !== NO_CONTENT;
    if (this.isInChunks) lines += "transfer-encoding: chunked\r\n";
    this.head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines}${dateLine()}${this.host.keepAliveLine}\r\n`;
    return this;
  }

  flushHeaders(): void {
    if (!this.isEnded) this.send(NO_PIECES, "");
  }

  write(bytes: Buffer): void {
    // What comes late would stand in the next response.
    if (this.isEnded) return;
    if (this.isCorked) this.gathered.push(bytes);
    else this.send([bytes], "");
  }

  end(bytes?: Buffer): void {
    const { socket } = this.host;
    // Where there is nobody to hear it, the end of the connection says so.
    if (this.isEnded || !socket.writable) return;
    // As Node has it: a response that nobody said anything of is one.
    if (!this.hasHead) this.writeHead(OK, { "content-length": bytes?.length ?? 0 });
    this.isEnded = true;
    if (bytes !== undefined) this.gathered.push(bytes);
    this.send(this.gathered, this.isInChunks ? "0\r\n\r\n" : "");
    this.gathered = [];
    if (socket.writableLength === 0) this.finish();
    // Behind all that is still to be taken; where the connection is cut before, it was not taken.
    else
      socket.write(NOTHING, (error) => {
        if (!(error instanceof Error)) this.finish();
      });
  }

  cork(): void {
    this.isCorked = true;
  }

  uncork(): void {
    this.isCorked = false;
    const { gathered } = this;
    this.gathered = [];
    if (gathered.length > 0) this.send(gathered, "");
  }

  once(event: "close" | "drain", listener: () => void): void {
    if (event === "close") this.closeListeners = [...this.closeListeners, listener];
    else this.drainListeners = [...this.drainListeners, listener];
  }

  destroy(): void {
    this.host.socket.destroy();
  }

  drained(): void {
    const listeners = this.drainListeners;
    this.drainListeners = [];
    for (const listener of listeners) listener();
  }

  /** There is no connection any more. */
  gone(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    for (const listener of this.closeListeners) listener();
  }

  private finish(): void {
    if (this.destroyed) return;
    this.writableFinished = true;
    this.host.finished();
    this.gone();
  }

  private send(pieces: readonly Buffer[], last: string): void {
    let length = 0;
    for (const piece of pieces) length += piece.length;
    const isChunk = this.isInChunks && length > 0;
    const before = isChunk ? `${this.head}${length.toString(16)}\r\n` : this.head;
    this.head = "";
    this.put(before, pieces, length, isChunk ? `\r\n${last}` : last);
  }

  private put(before: string, pieces: readonly Buffer[], length: number, after: string): void {
    const { socket } = this.host;
    if (!socket.writable) return;
    if (length <= SMALL) {
      // One text is one write; buffers beside the head would be a list of writes.
      let text = before;
      for (const piece of pieces) text += piece.toString("latin1");
      text += after;
      if (text !== "") socket.write(text, "latin1");
      return;
    }
    socket.cork();
    if (before !== "") socket.write(before, "latin1");
    for (const piece of pieces) socket.write(piece);
    if (after !== "") socket.write(after, "latin1");
    socket.uncork();
  }
}

function line(name: string, value: string | number | undefined): string {
  if (typeof value === "string" && !FIELD_VALUE.test(value)) throw new Error(`\`${name}\` cannot be sent`);
  return `${name}: ${value}\r\n`;
}
