// Response bodies that are no messages: what a refusal says of itself, or nothing that anybody reads.
import { type EnvelopeLimits, type Envelope, readEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { BodySink } from "./http-request.ts";

/** Bytes of a refusal that are read. */
const MAX_REFUSAL = 16 * 1024;

export interface Refusal {
  /** The body, where it is a JSON-RPC error. */
  readonly error: Extract<Envelope, { readonly kind: "error" }> | undefined;
  /** In the server's words. */
  readonly said: string | undefined;
}

/** Reads what a refusal says, and goes on. */
export function readRefusal(limits: EnvelopeLimits, then: (refusal: Refusal) => void): BodySink {
  const chunks: Buffer[] = [];
  let length = 0;
  const end = (): void => then(refusalIn(Buffer.concat(chunks), limits));
  return {
    chunk: (bytes) => {
      if (length < MAX_REFUSAL) chunks.push(bytes);
      length += bytes.length;
    },
    end,
    failed: end,
  };
}

export function unread(then: () => void): BodySink {
  return { chunk: () => undefined, end: then, failed: then };
}

function refusalIn(body: Buffer, limits: EnvelopeLimits): Refusal {
  const envelope = readEnvelope(body, limits);
  if (envelope.kind !== "error") return { error: undefined, said: undefined };
  const said = textAt(envelope.bytes, rangeAt(envelope.bytes, envelope.error, ["message"]));
  return { error: envelope, said };
}
