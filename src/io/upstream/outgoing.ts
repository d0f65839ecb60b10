// What the transport must know of a message that goes to a server: whether an answer will come, and what it is about.
import { type EnvelopeLimits, readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt } from "../../message/locate.ts";
import type { MessageBytes } from "../../dispatch/event.ts";
import type { Headers } from "../../message/eras/modern-headers.ts";

/** A server must have it before anything else is asked (2025-11-25, Lifecycle). */
export const INITIALIZED = "notifications/initialized";

export interface Outgoing {
  readonly bytes: Buffer;
  /** `undefined`: it answers a question of the server. */
  readonly method: string | undefined;
  /** Of a request, as raw JSON text. */
  readonly id: string | undefined;
  /** The request that it ends, as raw JSON text. */
  readonly cancels: string | undefined;
  /** Of the modern era: it is sent by itself, beside these headers. */
  readonly headers?: Headers | undefined;
  /** It was sent before, in a session that had ended. */
  readonly isSecondTry?: boolean;
}

export function readOutgoing(message: MessageBytes, limits: EnvelopeLimits): Outgoing {
  const bytes = wholeOf(message);
  const envelope = readEnvelope(bytes, limits);
  switch (envelope.kind) {
    case "request":
      return outgoingRequest(message, envelope);
    case "notification": {
      const { method, params } = envelope;
      const isEnd = method === "notifications/cancelled" && params !== undefined;
      const range = isEnd ? rangeAt(bytes, params, ["requestId"]) : undefined;
      return { bytes, method, id: undefined, cancels: range && rawAt(bytes, range) };
    }
    case "result":
    case "error":
    case "batch":
    case "malformed":
      return { bytes, method: undefined, id: undefined, cancels: undefined };
  }
}

export function outgoingRequest(
  message: MessageBytes,
  { method, id }: Pick<RequestEnvelope, "id" | "method">,
): Outgoing {
  return { bytes: wholeOf(message), method, id, cancels: undefined };
}

function wholeOf(message: MessageBytes): Buffer {
  const [first] = message;
  return first !== undefined && message.length === 1 ? first : Buffer.concat(message);
}
