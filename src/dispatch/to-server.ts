// A message on its way out to a server; over HTTP in the modern era with the headers that say again what its body says.
import { MODERN_REVISIONS } from "../mcp/revisions.ts";
import type { RequestEnvelope } from "../message/envelope.ts";
import { readEnvelope } from "../message/envelope.ts";
import { rangeAt, rawAt, textAt } from "../message/locate.ts";
import { type Headers, modernHeaders } from "../message/modern-headers.ts";
import { argumentsOf, declaredBy, paramHeaders } from "../message/param-headers.ts";
import type { ClientId, MessageBytes } from "./event.ts";
import type { DispatchLimits } from "./options.ts";
import type { Outside } from "./outside.ts";
import type { ServerLink } from "./server-link.ts";

export interface Way {
  readonly client: ClientId;
  readonly outside: Outside;
  readonly limits: DispatchLimits;
}

export function toServer(link: ServerLink, bytes: MessageBytes, { client, outside, limits }: Way): void {
  const { name: server } = link;
  if (link.options.transport === "stdio" || link.era === "legacy") {
    outside.command({ kind: "to-server", client, server, bytes });
    return;
  }
  const [first] = bytes;
  const envelope = readEnvelope(first !== undefined && bytes.length === 1 ? first : Buffer.concat(bytes), limits);
  if (envelope.kind === "request") {
    const headers = modernHeaders(envelope, MODERN_REVISIONS[0], argumentHeaders(link, envelope));
    outside.command({ kind: "to-server", client, server, bytes: [envelope.bytes], headers, read: envelope });
  } else if (envelope.kind === "notification" && envelope.method === "notifications/cancelled") {
    const about = envelope.params && rangeAt(envelope.bytes, envelope.params, ["requestId"]);
    if (about !== undefined) outside.command({ kind: "abandon", client, server, about: rawAt(envelope.bytes, about) });
  }
}

/** Of a call: those that the server's own definition of the tool asks for. */
function argumentHeaders(link: ServerLink, envelope: RequestEnvelope): Headers {
  const { bytes, method, params } = envelope;
  const name =
    method === "tools/call" && params !== undefined ? textAt(bytes, rangeAt(bytes, params, ["name"])) : undefined;
  const definition = name === undefined ? undefined : link.list("tool").entry(name)?.definition;
  const declared = definition === undefined ? undefined : declaredBy(definition);
  if (declared?.kind !== "declared" || declared.headers.length === 0) return {};
  return paramHeaders(declared.headers, argumentsOf(envelope));
}
