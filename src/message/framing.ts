// Bytes as they arrive -> whole lines, each one message: the framing of MCP's stdio transport.

export type Frame =
  | { readonly kind: "line"; readonly bytes: Buffer }
  /** Longer than the limit and not kept: its first and last bytes, to find its id in. */
  | { readonly kind: "oversize"; readonly start: Buffer; readonly end: Buffer };

export interface LineFramer {
  /** Calls `onFrame` for every line that ends in `chunk`. Lines within one chunk are not copied: they share its memory. */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void;
}

/** `limit`: bytes of the longest line that is kept, without its line end. */
export function createLineFramer(_limit: number): LineFramer {
  return { push: () => undefined };
}
