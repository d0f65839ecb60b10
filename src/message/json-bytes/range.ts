// A stretch of a message's bytes.

/** Byte offsets into the message: `start` included, `end` not. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
