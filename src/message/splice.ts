// Putting other bytes in the place of some ranges of a message, and leaving the rest as it came.
import type { Range } from "./range.ts";

export interface Edit {
  readonly range: Range;
  readonly text: string | Buffer;
}

/** Up to here one copy and one write are cheaper than several writes. In bytes. */
const SMALL = 65_536;

/**
 * Edits must not overlap; any order (those that start at the same byte are made in the order given). One buffer when
 * the message is small; pieces that share the memory of `bytes` when it is large. Without edits: the bytes themselves.
 */
export function splice(bytes: Buffer, edits: readonly Edit[]): readonly Buffer[] {
  if (edits.length === 0) return [bytes];
  const inOrder = edits.length === 1 ? edits : edits.toSorted((a, b) => a.range.start - b.range.start);
  return bytes.length <= SMALL ? [inOneBuffer(bytes, inOrder)] : inPieces(bytes, inOrder);
}

function inOneBuffer(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const spliced = Buffer.allocUnsafe(splicedLength(bytes, edits));
  let from = 0;
  let to = 0;
  for (const { range, text } of edits) {
    to += bytes.copy(spliced, to, from, range.start);
    to += typeof text === "string" ? spliced.write(text, to) : text.copy(spliced, to);
    from = range.end;
  }
  bytes.copy(spliced, to, from);
  return spliced;
}

function splicedLength(bytes: Buffer, edits: readonly Edit[]): number {
  let length = bytes.length;
  for (const { range, text } of edits) {
    length += (typeof text === "string" ? Buffer.byteLength(text) : text.length) - (range.end - range.start);
  }
  return length;
}

function inPieces(bytes: Buffer, edits: readonly Edit[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { range, text } of edits) {
    if (range.start > from) pieces.push(bytes.subarray(from, range.start));
    if (text.length > 0) pieces.push(typeof text === "string" ? Buffer.from(text) : text);
    from = range.end;
  }
  if (from < bytes.length) pieces.push(bytes.subarray(from));
  return pieces;
}
