// Bytes as they arrive -> whole lines, each one message: the framing of MCP's stdio transport.
import { spaceEnd } from "./scan.ts";

export type Frame =
  | { readonly kind: "line"; readonly bytes: Buffer }
  /** Longer than the limit and not kept: its first and last bytes, to find its id in. */
  | { readonly kind: "oversize"; readonly start: Buffer; readonly end: Buffer };

export interface LineFramer {
  /** Calls `onFrame` for every line that ends in `chunk`. Lines within one chunk are not copied: they share its memory. */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void;
}

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** What is kept of a line that is too long, on either side. In bytes. */
const EDGE = 4096;

/** `limit`: bytes of the longest line that is kept, without its line end. Lines of white space are skipped. */
export function createLineFramer(limit: number): LineFramer {
  const line = new PartialLine(limit);
  return {
    push(chunk, onFrame) {
      let from = 0;
      for (;;) {
        const end = chunk.indexOf(LINE_FEED, from);
        if (end === -1) break;
        const frame = line.endWith(chunk, from, end);
        from = end + 1;
        if (frame !== undefined) onFrame(frame);
      }
      if (from < chunk.length) line.add(chunk.subarray(from));
    },
  };
}

/** A line as far as it has come. */
class PartialLine {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Set as soon as the line is longer than the limit; from then on only its last bytes are kept. */
  #edges: { readonly start: Buffer; readonly end: Buffer } | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    if (this.#edges !== undefined) {
      this.#edges = { start: this.#edges.start, end: lastBytes([this.#edges.end, chunk]) };
      return;
    }
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    // The carriage return may still be dropped.
    if (this.#length > this.#limit + 1) this.#drop();
  }

  /** The line ends at `end` of `chunk`; the next one starts empty. `undefined`: it was blank. */
  endWith(chunk: Buffer, start: number, end: number): Frame | undefined {
    if (this.#length === 0 && this.#edges === undefined) return this.#frame(chunk.subarray(start, end));
    if (end > start) this.add(chunk.subarray(start, end));
    const edges = this.#edges;
    const frame: Frame | undefined =
      edges === undefined ? this.#frame(Buffer.concat(this.#chunks, this.#length)) : { kind: "oversize", ...edges };
    this.#edges = undefined;
    this.#forget();
    return frame;
  }

  #frame(line: Buffer): Frame | undefined {
    const bytes = line.at(-1) === RETURN ? line.subarray(0, -1) : line;
    if (bytes.length > this.#limit) return { kind: "oversize", start: firstBytes([bytes]), end: lastBytes([bytes]) };
    return spaceEnd(bytes, 0) === bytes.length ? undefined : { kind: "line", bytes };
  }

  #drop(): void {
    this.#edges = { start: firstBytes(this.#chunks), end: lastBytes(this.#chunks) };
    this.#forget();
  }

  #forget(): void {
    this.#chunks = [];
    this.#length = 0;
  }
}

/** Copied, so that the rest can be let go. */
function firstBytes(chunks: readonly Buffer[]): Buffer {
  return Buffer.from(Buffer.concat(chunks).subarray(0, EDGE));
}

function lastBytes(chunks: readonly Buffer[]): Buffer {
  return Buffer.from(Buffer.concat(chunks.map((chunk) => chunk.subarray(-EDGE))).subarray(-EDGE));
}
