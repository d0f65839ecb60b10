// A message on its way out to a server; over HTTP in the modern era with the headers that say again what its body says.
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { readEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt, textAt } from "../../message/locate.ts";
import { type Headers, headersOf, modernHeaders } from "../../message/eras/modern-headers.ts";
import { argumentsOf, declaredBy, paramHeaders } from "../../message/eras/param-headers.ts";
import type { ClientId, MessageBytes } from "../event.ts";
import type { Likeness } from "./likeness.ts";
import type { DispatchLimits } from "../options.ts";
import type { Outside } from "../outside.ts";
import type { ServerLink } from "../peers/server-link.ts";

export interface Way {
  readonly client: ClientId;
  readonly outside: Outside;
  readonly limits: DispatchLimits;
}

/** `likeness`: what is known of it without reading it. */
export function toServer(link: ServerLink, bytes: MessageBytes, way: Way, likeness?: Likeness): void {
  const { client, outside } = way;
  const { name: server } = link;
  if (link.options.transport === "stdio" || link.era === "legacy") {
    const read = likeness && { id: likeness.id, method: likeness.of.method };
    outside.command({ kind: "to-server", client, server, bytes, read });
  } else if (likeness === undefined) sendRead(link, bytes, way);
  else {
    const { of: request, id, name } = likeness;
    const { method } = request;
    const headers = headersOf(method, name, MODERN_REVISIONS[0], argumentHeaders(link, request, name));
    outside.command({ kind: "to-server", client, server, bytes, headers, read: { id, method } });
  }
}

function sendRead(link: ServerLink, bytes: MessageBytes, { client, outside, limits }: Way): void {
  const { name: server } = link;
  const [first] = bytes;
  const envelope = readEnvelope(first !== undefined && bytes.length === 1 ? first : Buffer.concat(bytes), limits);
  if (envelope.kind === "request") {
    const headers = modernHeaders(envelope, MODERN_REVISIONS[0], argumentHeaders(link, envelope, nameIn(envelope)));
    outside.command({ kind: "to-server", client, server, bytes: [envelope.bytes], headers, read: envelope });
  } else if (envelope.kind === "notification" && envelope.method === "notifications/cancelled") {
    const about = envelope.params && rangeAt(envelope.bytes, envelope.params, ["requestId"]);
    if (about !== undefined) outside.command({ kind: "abandon", client, server, about: rawAt(envelope.bytes, about) });
  }
}

function nameIn({ bytes, params }: RequestEnvelope): string | undefined {
  return params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["name"]));
}

/** Of a call of the tool `name`: those that the server's own definition of it asks for. `undefined`: none. */
function argumentHeaders(link: ServerLink, envelope: RequestEnvelope, name: string | undefined): Headers | undefined {
  if (envelope.method !== "tools/call" || name === undefined) return undefined;
  const definition = link.list("tool").entry(name)?.definition;
  const declared = definition === undefined ? undefined : declaredBy(definition);
  if (declared?.kind !== "declared" || declared.headers.length === 0) return undefined;
  return paramHeaders(declared.headers, argumentsOf(envelope));
}
