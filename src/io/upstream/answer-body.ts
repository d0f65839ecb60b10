// Response bodies that are no messages: what a refusal says of itself, or nothing that anybody reads.
import { type EnvelopeLimits, type Envelope, readEnvelope } from "../../message/envelope.ts";
import { HEADER_MISMATCH, MISSING_CAPABILITY, UNSUPPORTED_REVISION } from "../../mcp/errors.ts";
import { rangeAt, rawAt, textAt } from "../../message/locate.ts";
import type { BodySink } from "./http-request.ts";
import type { Outgoing } from "./outgoing.ts";

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

/**
 * The answer that a refusal is to what was asked, if it is one. An error of the modern era's own tells so much of a server
 * that it counts without an id too: it came in the response to this very request.
 */
export function answerIn(error: Refusal["error"], { id, headers }: Outgoing): Buffer | undefined {
  if (error === undefined || id === undefined) return undefined;
  if (error.id === id) return error.bytes;
  if (error.id !== undefined || headers === undefined || !isModern(error)) return undefined;
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${rawAt(error.bytes, error.error)}}`);
}

export function unread(then: () => void): BodySink {
  return { chunk: () => undefined, end: then, failed: then };
}

const MODERN_ERRORS: ReadonlySet<number> = new Set([HEADER_MISMATCH, MISSING_CAPABILITY, UNSUPPORTED_REVISION]);

function isModern({ bytes, error }: NonNullable<Refusal["error"]>): boolean {
  const code = rangeAt(bytes, error, ["code"]);
  return code !== undefined && MODERN_ERRORS.has(Number(rawAt(bytes, code)));
}

function refusalIn(body: Buffer, limits: EnvelopeLimits): Refusal {
  const envelope = readEnvelope(body, limits);
  if (envelope.kind !== "error") return { error: undefined, said: undefined };
  const said = textAt(envelope.bytes, rangeAt(envelope.bytes, envelope.error, ["message"]));
  return { error: envelope, said };
}
