// What a server sends on one connection, read as responses, one for each request (HTTP/1.1, RFC 9112).
import { type BodyLength, type ReadHead, readHead } from "./response-head.ts";

export interface ResponseEvents {
  head(head: ReadHead): void;
  body(bytes: Buffer): void;
  /** It is whole. False: more came than that, which nobody asked for. */
  end(isAll: boolean): void;
}

/** Why nothing more can be read of a connection. */
export type Fault = "no HTTP" | "too many headers";

/** Bytes of all that stands before a body, and after it: as much as Node takes. */
const MAX_HEAD = 16 * 1024;
/** Bytes of the line before a chunk. */
const MAX_CHUNK_LINE = 1024;
const CHUNK_LINE = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\0\r\n]*)?$/;
const LINE_END = "\r\n";
const HEAD_END = "\r\n\r\n";
const NOTHING: Buffer = Buffer.alloc(0);

/** `sized`: a body of so many bytes; `open`: one that goes on until the connection ends; all others: one in chunks (RFC 9112, 7.1). */
type State = "unasked" | "head" | "sized" | "open" | "chunk line" | "chunk" | "chunk end" | "trailers";

export class ResponseReader {
  private readonly events: ResponseEvents;
  private state: State = "unasked";
  /** The begin of what has not come whole. */
  private kept = NOTHING;
  /** Bytes of the body, or of its chunk, that have not come. */
  private left = 0;
  private trailerBytes = 0;
  /** Mostly a server says the same as the last time. */
  private last: { readonly text: string; readonly head: ReadHead } | undefined;

  constructor(events: ResponseEvents) {
    this.events = events;
  }

  /** Something is asked: one response may come. */
  expect(): void {
    this.state = "head";
  }

  read(chunk: Buffer): Fault | undefined {
    const bytes = this.kept.length === 0 ? chunk : Buffer.concat([this.kept, chunk]);
    this.kept = NOTHING;
    for (let at = 0; at < bytes.length;) {
      const next = this.step(bytes, at);
      if (typeof next !== "number") return next;
      if (next === at) {
        this.kept = bytes.subarray(at);
        return undefined;
      }
      at = next;
    }
    return undefined;
  }

  /** The connection has ended. True: so has the response. */
  close(): boolean {
    if (this.state !== "open") return false;
    this.over(true);
    return true;
  }

  /** How far it came. No further than `at`: the next thing is not there whole. */
  private step(bytes: Buffer, at: number): number | Fault {
    switch (this.state) {
      case "unasked":
        return "no HTTP";
      case "head":
        return this.head(bytes, at);
      case "sized":
        return this.sized(bytes, at);
      case "open":
        this.events.body(bytes.subarray(at));
        return bytes.length;
      case "chunk line":
        return this.chunkLine(bytes, at);
      case "chunk":
        return this.chunk(bytes, at);
      case "chunk end":
        return this.chunkEnd(bytes, at);
      case "trailers":
        return this.trailer(bytes, at);
    }
  }

  private head(bytes: Buffer, at: number): number | Fault {
    const end = bytes.indexOf(HEAD_END, at, "latin1");
    if ((end === -1 ? bytes.length : end) - at > MAX_HEAD) return "too many headers";
    if (end === -1) return at;
    const head = this.readHead(bytes.toString("latin1", at, end));
    if (head === undefined) return "no HTTP";
    const next = end + HEAD_END.length;
    // What a server says before its response (RFC 9110, 15.2) is for nobody here.
    if (head.status < 200) return next;
    const { length } = head;
    this.left = typeof length === "number" ? length : 0;
    this.state = bodyState(length);
    this.events.head(head);
    if (length === 0) this.over(next === bytes.length);
    return next;
  }

  private readHead(text: string): ReadHead | undefined {
    if (this.last?.text === text) return this.last.head;
    const head = readHead(text);
    this.last = head && { text, head };
    return head;
  }

  private sized(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    this.events.body(bytes.subarray(at, end));
    if (this.left === 0) this.over(end === bytes.length);
    return end;
  }

  private chunkLine(bytes: Buffer, at: number): number | Fault {
    const end = bytes.indexOf(LINE_END, at, "latin1");
    if ((end === -1 ? bytes.length : end) - at > MAX_CHUNK_LINE) return "no HTTP";
    if (end === -1) return at;
    const [, size] = CHUNK_LINE.exec(bytes.toString("latin1", at, end)) ?? [];
    if (size === undefined) return "no HTTP";
    this.left = Number.parseInt(size, 16);
    this.state = this.left === 0 ? "trailers" : "chunk";
    this.trailerBytes = 0;
    return end + LINE_END.length;
  }

  private chunk(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    if (this.left === 0) this.state = "chunk end";
    this.events.body(bytes.subarray(at, end));
    return end;
  }

  private chunkEnd(bytes: Buffer, at: number): number | Fault {
    const next = at + LINE_END.length;
    if (next > bytes.length) return at;
    if (bytes.toString("latin1", at, next) !== LINE_END) return "no HTTP";
    this.state = "chunk line";
    return next;
  }

  /** Nobody reads them. */
  private trailer(bytes: Buffer, at: number): number | Fault {
    const end = bytes.indexOf(LINE_END, at, "latin1");
    if (this.trailerBytes + (end === -1 ? bytes.length : end) - at > MAX_HEAD) return "too many headers";
    if (end === -1) return at;
    const next = end + LINE_END.length;
    this.trailerBytes += next - at;
    if (end === at) this.over(next === bytes.length);
    return next;
  }

  private over(isAll: boolean): void {
    this.state = "unasked";
    this.events.end(isAll);
  }
}

function bodyState(length: BodyLength): State {
  if (length === "in chunks") return "chunk line";
  return length === "until the end" ? "open" : "sized";
}
