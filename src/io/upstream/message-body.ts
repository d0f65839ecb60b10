// A whole response body that is one message, as far as it is not too long; and messages brought onto one line.
import type { Frame } from "../../message/framing.ts";
import { LINE_FEED, RETURN, SPACE } from "../../message/json-bytes/scan.ts";

/** What is kept of a message that is too long, on either side. In bytes. */
const EDGE = 4096;
/** More pieces than these are put together: a piece of one byte takes a hundred. */
const MOST_PIECES = 256;

export class MessageBody {
  private readonly limit: number;
  /** Where it is too long: of its end. */
  private pieces: Buffer[] = [];
  /** How many of them are put together already. */
  private joined = 0;
  private length = 0;
  /** Where it is too long. */
  private start: Buffer | undefined;

  /** `limit`: bytes of the longest message that is kept. */
  constructor(limit: number) {
    this.limit = limit;
  }

  chunk(chunk: Buffer): void {
    this.length += chunk.length;
    if (this.length > this.limit) this.keepEdges(chunk);
    // Mostly it comes in one.
    else if (this.pieces.length === 0) this.pieces = [chunk];
    else this.keep(chunk);
  }

  /** Its bytes as they came: `frameOf` brings them onto one line. */
  whole(): Frame {
    if (this.start !== undefined) return { kind: "oversize", start: this.start, end: endOf(this.pieces) };
    const [first] = this.pieces;
    const bytes = first === undefined || this.pieces.length > 1 ? Buffer.concat(this.pieces) : first;
    return { kind: "line", bytes };
  }

  private keep(chunk: Buffer): void {
    this.pieces.push(chunk);
    if (this.pieces.length - this.joined <= MOST_PIECES) return;
    this.pieces.push(Buffer.concat(this.pieces.splice(this.joined)));
    this.joined += 1;
  }

  private keepEdges(chunk: Buffer): void {
    if (this.start === undefined) {
      const all = Buffer.concat(this.pieces);
      this.start = Buffer.from(all.subarray(0, EDGE));
      this.pieces = [endOf([all])];
    }
    const room = EDGE - this.start.length;
    if (room > 0) this.start = Buffer.concat([this.start, chunk.subarray(0, room)]);
    this.pieces.push(Buffer.from(chunk.subarray(-EDGE)));
    if (this.pieces.length > MOST_PIECES) this.pieces = [endOf(this.pieces)];
  }
}

/** A copy, so that it holds nothing else. */
function endOf(pieces: readonly Buffer[]): Buffer {
  return Buffer.from(Buffer.concat(pieces).subarray(-EDGE));
}

/** One message that was read whole. */
export function frameOf(bytes: Buffer, limit: number): Frame {
  if (bytes.length <= limit) return { kind: "line", bytes: onOneLine(bytes) };
  return { kind: "oversize", start: Buffer.from(bytes.subarray(0, EDGE)), end: Buffer.from(bytes.subarray(-EDGE)) };
}

/** In JSON, line ends stand only between things, where a space does as well; over stdio they would end the message. */
function onOneLine(bytes: Buffer): Buffer {
  if (!bytes.includes(LINE_FEED) && !bytes.includes(RETURN)) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === LINE_FEED || byte === RETURN ? SPACE : byte)));
}
