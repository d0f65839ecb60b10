// What becomes of a message at which the proxy itself failed: whoever waits for an answer gets one that says so.
import type { Event } from "../dispatch/event.ts";
import { INTERNAL_ERROR } from "../mcp/errors.ts";
import { composeError } from "../message/compose.ts";
import { readEnvelope } from "../message/envelope.ts";

export type Substitute =
  | { readonly kind: "to-client"; readonly client: string; readonly bytes: Buffer }
  | { readonly kind: "to-server"; readonly client: string; readonly server: string; readonly bytes: Buffer }
  /** To be handled in the place of the one that failed. */
  | { readonly kind: "event"; readonly event: Event };

/** At these we failed once; failing at the substitute too must not go round for ever. */
const substitutes = new WeakSet<Buffer>();

export function substituteFor(event: Event): Substitute | undefined {
  if (event.kind !== "client-message" && event.kind !== "server-message") return undefined;
  if (substitutes.has(event.bytes)) return undefined;
  const envelope = readEnvelope(event.bytes, { depth: Number.MAX_SAFE_INTEGER });
  if (envelope.kind === "batch" || envelope.id === undefined) return undefined;
  const bytes = composeError(envelope.id, INTERNAL_ERROR, "the proxy failed at this message; its log says how");
  substitutes.add(bytes);
  if (envelope.kind !== "request") return { kind: "event", event: { ...event, bytes } };
  const { client } = event;
  return event.kind === "client-message"
    ? { kind: "to-client", client, bytes }
    : { kind: "to-server", client, server: event.server, bytes };
}
