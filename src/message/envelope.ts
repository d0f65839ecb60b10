// What a message is - request, notification, result or error - proven from its bytes without parsing its body.
import type { Range } from "./range.ts";

export interface EnvelopeLimits {
  /** Objects and lists inside each other; the message itself is the first. */
  readonly depth: number;
  /** `isUtf8` of `node:buffer`, which these floors may not import and which is 15 to 90 times as fast as the TextDecoder used without it. */
  readonly isUtf8?: ((bytes: Uint8Array) => boolean) | undefined;
}

interface Common {
  readonly bytes: Buffer;
  /** A result with a key twice in one object. Requests and notifications never have one: they are malformed. */
  readonly hasDuplicateKeys: boolean;
}

export interface RequestEnvelope extends Common {
  readonly kind: "request";
  /** The raw JSON text: `1` and `"1"` differ. */
  readonly id: string;
  readonly idRange: Range;
  readonly method: string;
  readonly params: Range | undefined;
  readonly result: undefined;
  readonly error: undefined;
}

export interface NotificationEnvelope extends Common {
  readonly kind: "notification";
  readonly id: undefined;
  readonly idRange: undefined;
  readonly method: string;
  readonly params: Range | undefined;
  readonly result: undefined;
  readonly error: undefined;
}

export interface ResultEnvelope extends Common {
  readonly kind: "result";
  readonly id: string;
  readonly idRange: Range;
  readonly method: undefined;
  readonly params: undefined;
  readonly result: Range;
  readonly error: undefined;
}

export interface ErrorEnvelope extends Common {
  readonly kind: "error";
  /** Absent (or `null`, then `idRange` stands): the sender could not tell which request it answers. */
  readonly id: string | undefined;
  readonly idRange: Range | undefined;
  readonly method: undefined;
  readonly params: undefined;
  readonly result: undefined;
  readonly error: Range;
}

export type Envelope = RequestEnvelope | NotificationEnvelope | ResultEnvelope | ErrorEnvelope;

/** A JSON array of messages (2025-03-26). The entries are not yet proven to be messages: read each. */
export interface Batch {
  readonly kind: "batch";
  readonly entries: readonly Buffer[];
}

export interface Malformed {
  readonly kind: "malformed";
  readonly code: -32700 | -32600;
  /** For people, one clause. */
  readonly reason: string;
  /** Raw JSON text of its id, if one could be found, so that the request can be answered exactly once. */
  readonly id: string | undefined;
  /** Whether it has a `method`, so that it wants an answer, or a `result` or `error`, so that it was to be one. */
  readonly form: "request" | "reply" | "unknown";
}

export function readEnvelope(_bytes: Buffer, _limits: EnvelopeLimits): Envelope | Batch | Malformed {
  return { kind: "malformed", code: -32700, reason: "not built yet", id: undefined, form: "unknown" };
}

/** The id of a message of which only the first and last bytes were kept; `form` as far as they tell. */
export function readOversize(_start: Buffer, _end: Buffer): Pick<Malformed, "id" | "form"> {
  return { id: undefined, form: "unknown" };
}
