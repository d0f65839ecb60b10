// The number in an error reply.
import { rangeAt, rawAt } from "../../message/locate.ts";
import type { Range } from "../../message/json-bytes/range.ts";

/** `NaN` when there is none. */
export function codeOf(bytes: Buffer, error: Range): number {
  const range = rangeAt(bytes, error, ["code"]);
  return range === undefined ? Number.NaN : Number(rawAt(bytes, range));
}
