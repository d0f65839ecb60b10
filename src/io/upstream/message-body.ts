// A whole response body that is one message, as far as it is not too long; and messages brought onto one line.
import type { Frame } from "../../message/framing.ts";
import { LINE_FEED, RETURN, SPACE } from "../../message/json-bytes/scan.ts";

/** What is kept of a message that is too long, on either side. In bytes. */
const EDGE = 4096;
const NOTHING = Buffer.alloc(0);

export class MessageBody {
  private readonly limit: number;
  private chunks: Buffer[] = [];
  private length = 0;
  private tail = NOTHING;

  /** `limit`: bytes of the longest message that is kept. */
  constructor(limit: number) {
    this.limit = limit;
  }

  chunk(chunk: Buffer): void {
    this.length += chunk.length;
    if (this.length <= this.limit) {
      // Mostly it comes in one.
      if (this.chunks.length === 0) this.chunks = [chunk];
      else this.chunks.push(chunk);
      return;
    }
    const start = Buffer.concat(this.chunks);
    this.tail = Buffer.from(Buffer.concat([this.tail.length > 0 ? this.tail : start, chunk]).subarray(-EDGE));
    this.chunks = [Buffer.from((start.length < EDGE ? Buffer.concat([start, chunk]) : start).subarray(0, EDGE))];
  }

  /** Its bytes as they came: `frameOf` brings them onto one line. */
  whole(): Frame {
    const [first] = this.chunks;
    const bytes = first === undefined || this.chunks.length > 1 ? Buffer.concat(this.chunks) : first;
    if (this.length > this.limit) return { kind: "oversize", start: bytes, end: this.tail };
    return { kind: "line", bytes };
  }
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
