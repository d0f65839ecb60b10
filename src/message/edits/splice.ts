// Putting other bytes in the place of some ranges of a message, and leaving the rest as it came.
import { copyBytes, FEW } from "../copy-bytes.ts";
import type { Range } from "../json-bytes/range.ts";

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
  const length = splicedLength(bytes, edits);
  const spliced = Buffer.allocUnsafe(length);
  // Most of it stands behind the last edit. Copied with all else, so far on that it comes to stand where it belongs, it needs no view.
  const isTailPlaced = length >= bytes.length;
  if (isTailPlaced) spliced.set(bytes, length - bytes.length);
  let from = 0;
  let to = 0;
  for (const { range, text } of edits) {
    to = copyBytes(bytes, from, range.start, spliced, to);
    to = typeof text === "string" ? writeText(text, spliced, to) : copyBytes(text, 0, text.length, spliced, to);
    from = range.end;
  }
  if (!isTailPlaced) copyBytes(bytes, from, bytes.length, spliced, to);
  return spliced;
}

/** Ids and names are short and ASCII nearly always. */
function writeText(text: string, to: Buffer, at: number): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (index === FEW || code > 0x7f) return at + index + to.write(text.slice(index), at + index);
    to[at + index] = code;
  }
  return at + text.length;
}

function splicedLength(bytes: Buffer, edits: readonly Edit[]): number {
  let length = bytes.length;
  for (const { range, text } of edits) {
    length += (typeof text === "string" ? byteLength(text) : text.length) - (range.end - range.start);
  }
  return length;
}

function byteLength(text: string): number {
  for (let index = 0; index < text.length; index++) {
    if (index === FEW || text.charCodeAt(index) > 0x7f) return Buffer.byteLength(text);
  }
  return text.length;
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
