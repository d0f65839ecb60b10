// Bytes as they arrive -> whole lines, each one message: the framing of MCP's stdio transport.
import { copyBytes } from "./copy-bytes.ts";
import { QuotelessPieces } from "./json-bytes/quoteless.ts";
import { LINE_FEED, RETURN, spaceEnd } from "./json-bytes/scan.ts";
import { characterEnd, type Utf8Check } from "./json-bytes/utf8.ts";

export type Frame =
  | {
      readonly kind: "line";
      readonly bytes: Buffer;
      /** Of a line that came in pieces: up to here it is proven to be UTF-8, in whole characters. */
      readonly utf8To?: number;
    }
  /** Longer than the limit and not kept: its first and last bytes, to find its id in. */
  | { readonly kind: "oversize"; readonly start: Buffer; readonly end: Buffer };

export interface LineFramer {
  /** Calls `onFrame` for every line that ends in `chunk`. Lines within one chunk are not copied: they share its memory. */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void;
  /** As `push`, for what stands in the first `length` bytes of `buffer` and is gone afterwards: what is kept of it is copied. */
  pushFleeting(buffer: Buffer, length: number, onFrame: (frame: Frame) => void): void;
  /** No more comes: what stands after the last line end is a line too. */
  end(onFrame: (frame: Frame) => void): void;
}

/** What ends every line. */
export const LINE_END = Buffer.of(LINE_FEED);
/** What is kept of a line that is too long, on either side. In bytes. */
const EDGE = 4096;
/** Room for a line that does not end in the chunk it began in. In bytes. */
const LEAST_ROOM = 16_384;
const EMPTY = Buffer.alloc(0);

/**
 * `limit`: bytes of the longest line that is kept, without its line end. Lines of white space are skipped. `isUtf8`: what
 * comes in pieces is looked at as it comes, while it is at hand and its sender is busy with the next piece.
 */
export function createLineFramer(limit: number, isUtf8?: Utf8Check): LineFramer {
  const line = new PartialLine(limit, isUtf8);
  const push: LineFramer["push"] = (chunk, onFrame) => {
    let from = 0;
    while (from < chunk.length) {
      const end = chunk.indexOf(LINE_FEED, from);
      if (end === -1) break;
      const frame = line.endWith(chunk, from, end);
      from = end + 1;
      if (frame !== undefined) onFrame(frame);
    }
    if (from < chunk.length) line.add(chunk.subarray(from));
  };
  return {
    push,
    pushFleeting(buffer, length, onFrame) {
      const end = buffer.indexOf(LINE_FEED);
      if (end === -1 || end >= length) line.add(buffer.subarray(0, length));
      else if (end < length - 1) push(copyOf(buffer, length), onFrame);
      else {
        const frame = line.endWith(copyOf(buffer, end), 0, end);
        if (frame !== undefined) onFrame(frame);
      }
    },
    end(onFrame) {
      const frame = line.endWith(EMPTY, 0, 0);
      if (frame !== undefined) onFrame(frame);
    },
  };
}

/**
 * A line as far as it has come. Its pieces are copied together as they arrive, so that each can be let go at once: if
 * all are held until the line ends, garbage collection makes a 10 MB line cost 2.6 times as much (33 ms, not 12.5).
 */
class PartialLine {
  readonly #limit: number;
  readonly #isUtf8: Utf8Check | undefined;
  #bytes: Buffer | undefined;
  #length = 0;
  /** Bytes of the last line that came in pieces: the next one may well be as long. */
  #lastLength = 0;
  /** Set as soon as the line is longer than the limit; from then on only its last bytes are kept. */
  #edges: { readonly start: Buffer; readonly end: Buffer } | undefined;
  #quoteless = new QuotelessPieces();
  #utf8To = 0;
  /** False as soon as something was found that is none. */
  #isUtf8SoFar = true;

  constructor(limit: number, isUtf8: Utf8Check | undefined) {
    this.#limit = limit;
    this.#isUtf8 = isUtf8;
  }

  add(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (this.#edges !== undefined) this.#edges = { start: this.#edges.start, end: lastBytes(this.#edges.end, piece) };
    // The carriage return may still be dropped.
    else if (length > this.#limit + 1) this.#drop(piece);
    else {
      const bytes = this.#roomFor(length);
      piece.copy(bytes, this.#length);
      this.#quoteless.add(piece, this.#length);
      this.#length = length;
      this.#prove(bytes);
    }
  }

  /** The line ends at `end` of `chunk`; the next one starts empty. `undefined`: it was blank. */
  endWith(chunk: Buffer, start: number, end: number): Frame | undefined {
    if (this.#bytes === undefined && this.#edges === undefined) return this.#frame(part(chunk, start, end));
    if (end > start) this.add(chunk.subarray(start, end));
    const edges = this.#edges;
    this.#edges = undefined;
    if (edges !== undefined) return { kind: "oversize", ...edges };
    const utf8To = this.#utf8To;
    const quoteless = this.#quoteless;
    const frame = this.#frame(this.#taken(), utf8To);
    if (frame?.kind === "line") quoteless.noteIn(frame.bytes);
    return frame;
  }

  #frame(line: Buffer, utf8To = 0): Frame | undefined {
    const bytes = line[line.length - 1] === RETURN ? line.subarray(0, -1) : line;
    if (bytes.length > this.#limit) return { kind: "oversize", start: firstBytes(bytes), end: lastBytes(bytes) };
    if (spaceEnd(bytes, 0) === bytes.length) return undefined;
    return utf8To === 0 ? { kind: "line", bytes } : { kind: "line", bytes, utf8To: Math.min(utf8To, bytes.length) };
  }

  #prove(bytes: Buffer): void {
    if (this.#isUtf8 === undefined || !this.#isUtf8SoFar) return;
    const end = characterEnd(bytes, this.#length);
    this.#isUtf8SoFar = this.#isUtf8(bytes.subarray(this.#utf8To, end));
    if (this.#isUtf8SoFar) this.#utf8To = end;
  }

  #roomFor(length: number): Buffer {
    const bytes = this.#bytes ?? Buffer.allocUnsafeSlow(Math.max(length, this.#lastLength, LEAST_ROOM));
    if (length > bytes.length) return this.#grown(bytes, length);
    this.#bytes = bytes;
    return bytes;
  }

  #grown(bytes: Buffer, length: number): Buffer {
    const larger = Buffer.allocUnsafeSlow(Math.max(length, bytes.length * 2));
    bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
    return larger;
  }

  /** What was kept, in no more memory than it needs. */
  #taken(): Buffer {
    const bytes = this.#bytes ?? EMPTY;
    const line = bytes.subarray(0, this.#length);
    this.#lastLength = this.#length;
    this.#forget();
    return bytes.length > line.length * 2 ? Buffer.from(line) : line;
  }

  #drop(piece: Buffer): void {
    const kept = (this.#bytes ?? EMPTY).subarray(0, this.#length);
    const start = kept.length < EDGE ? firstBytes(Buffer.concat([kept, piece])) : firstBytes(kept);
    this.#edges = { start, end: lastBytes(kept, piece) };
    this.#forget();
  }

  #forget(): void {
    this.#bytes = undefined;
    this.#length = 0;
    this.#quoteless = new QuotelessPieces();
    this.#utf8To = 0;
    this.#isUtf8SoFar = true;
  }
}

/** A view of all of it would be made in vain. */
function part(chunk: Buffer, start: number, end: number): Buffer {
  return start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);
}

function copyOf(buffer: Buffer, length: number): Buffer {
  const copy = Buffer.allocUnsafe(length);
  copyBytes(buffer, 0, length, copy, 0);
  return copy;
}

/** Copied, so that the rest can be let go. */
function firstBytes(line: Buffer): Buffer {
  return Buffer.from(line.subarray(0, EDGE));
}

function lastBytes(...pieces: readonly Buffer[]): Buffer {
  return Buffer.from(Buffer.concat(pieces.map((piece) => piece.subarray(-EDGE))).subarray(-EDGE));
}
