// What the door answers by itself when it cannot hand a request on: a status, and a JSON-RPC error for programs.
import { INVALID_REQUEST } from "../../mcp/errors.ts";
import type { ClaimFault } from "../../message/eras/claim-fault.ts";
import { composeError } from "../../message/compose.ts";
import type { ClientResponse } from "./request-and-response.ts";

export interface Refusal {
  readonly status: number;
  /** For people, one clause. */
  readonly reason: string;
  /** Of the JSON-RPC error; `INVALID_REQUEST` where nothing fits better. */
  readonly code?: number;
  /** Raw JSON text of the id it answers, where one was read. */
  readonly id?: string | undefined;
  /** `data` of the JSON-RPC error. */
  readonly details?: ClaimFault["details"] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is left of the request's body is read and thrown away, so that the client lives to see the answer. */
export function refuse(response: ClientResponse, refusal: Refusal): void {
  const { status, reason, code = INVALID_REQUEST, id, headers, details } = refusal;
  const body = composeError(id, code, reason, details && { ...details });
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": body.length,
    "cache-control": "no-store",
  });
  response.end(body);
}

export function notFound(reason: string): Refusal {
  return { status: 404, reason };
}

export function methodNotAllowed(allowed: string): Refusal {
  return { status: 405, reason: `only ${allowed} is served here`, headers: { allow: allowed } };
}
