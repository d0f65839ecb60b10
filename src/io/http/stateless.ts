// The modern era at the door (2026-07-28, Streamable HTTP): every POST stands for itself, and its headers must say what its body says.
import type { MessageBytes } from "../../dispatch/event.ts";
import {
  HEADER_MISMATCH,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  MISSING_CAPABILITY,
  PARSE_ERROR,
  UNSUPPORTED_REVISION,
} from "../../mcp/errors.ts";
import { claimFault, type ClaimFault, isModern, unsupported } from "../../message/eras/claim-fault.ts";
import {
  type Batch,
  type Envelope,
  type EnvelopeLimits,
  type Malformed,
  type NotificationEnvelope,
  readEnvelope,
  type RequestEnvelope,
} from "../../message/envelope.ts";
import { rangeAt, rawAt } from "../../message/locate.ts";
import { headerFault, type Headers } from "../../message/eras/modern-headers.ts";
import { type Claim, claimOf } from "../../message/eras/modern-meta.ts";
import type { Caller } from "./caller.ts";
import type { StreamOptions } from "./event-stream.ts";
import { type Face, tooLarge, TOO_MANY_SESSIONS } from "./face.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { ClientRequest, ClientResponse } from "./request-and-response.ts";
import { beginsAsResult, mayBeError } from "./result-or-error.ts";
import { readBody } from "./request-body.ts";

export interface Visit {
  readonly caller: Caller;
  readonly request: ClientRequest;
  readonly response: ClientResponse;
}

type Call = RequestEnvelope | NotificationEnvelope;

/** `MCP-Protocol-Version` names no revision of the legacy era, but a modern one, or one that nobody knows. */
export function serveStateless(face: Face, visit: Visit): void {
  const { request, response } = visit;
  readBody(request, face.limits.httpBodyBytes, {
    whole: (bytes) => receive(face, visit, readEnvelope(bytes, face.limits)),
    tooLong: () => refuse(response, tooLarge(face.limits.httpBodyBytes)),
    edges: () => undefined,
  });
}

function receive(face: Face, visit: Visit, read: Envelope | Batch | Malformed): void {
  switch (read.kind) {
    case "request":
    case "notification":
      return receiveAlone(face, visit, read, claimOf(read));
    case "malformed": {
      const { code, reason, id, form } = read;
      return refuse(visit.response, { status: 400, code, reason, id: form === "request" ? id : undefined });
    }
    case "batch":
    case "result":
    case "error":
      return refuse(visit.response, NO_CALL);
  }
}

/** A call that says by itself which revision it is of, or should. */
export function receiveAlone(
  face: Face,
  { caller, request, response }: Visit,
  call: Call,
  claim: Claim | undefined,
): void {
  const familiar = claim && face.sessions.familiar(caller, claim);
  const fault = faultOf(request, call, claim, familiar !== undefined);
  if (claim === undefined || fault !== undefined) {
    refuse(response, { ...(fault ?? NO_CALL), id: call.id });
    return;
  }
  const session = familiar ?? face.sessions.ofClaim(caller, claim, face);
  if (session === undefined) {
    refuse(response, { ...TOO_MANY_SESSIONS, id: call.id });
    return;
  }
  session.post(response, call, paramHeadersOf(request), ANSWERING);
}

/** `isFamiliar`: the same claim was good before. */
function faultOf(
  request: ClientRequest,
  call: Call,
  claim: Claim | undefined,
  isFamiliar: boolean,
): Refusal | undefined {
  const said = request.headers["mcp-protocol-version"]?.toString();
  if (claim === undefined && said !== undefined && !isModern(said)) return refusalOf(unsupported(said));
  if (claim !== undefined && said !== undefined && said !== claim.revision)
    return mismatch(`\`MCP-Protocol-Version\` says ${JSON.stringify(said)}, and the body another revision`);
  const fault = isFamiliar ? undefined : claimFault(claim);
  if (fault !== undefined) return refusalOf(fault);
  // Notifications need no headers: this revision has none that a client sends over HTTP.
  const headers = call.kind === "request" && claim ? headerFault(request.headers, call, claim.revision) : undefined;
  return headers === undefined ? undefined : mismatch(headers);
}

function refusalOf({ code, reason, details }: ClaimFault): Refusal {
  return { status: 400, code, reason, details };
}

function mismatch(reason: string): Refusal {
  return { status: 400, code: HEADER_MISMATCH, reason };
}

const NO_CALL: Refusal = {
  status: 400,
  code: INVALID_REQUEST,
  reason: "a POST of the modern era is one request, or one notification",
};

const PARAM = "mcp-param-";
const NO_PARAMS: Headers = {};

function paramHeadersOf({ headers }: ClientRequest): Headers {
  let params: Record<string, string> | undefined;
  for (const name in headers) if (name.startsWith(PARAM)) (params ??= {})[name] = String(headers[name]);
  return params ?? NO_PARAMS;
}

/** All sessions answer alike. */
const ANSWERING: StreamOptions = { status: statusOf };

/** What is wrong with the request itself, and not with what it asks for, shows in the HTTP status too. */
const STATUS_OF_CODE: ReadonlyMap<number, number> = new Map([
  [METHOD_NOT_FOUND, 404],
  [PARSE_ERROR, 400],
  [INVALID_REQUEST, 400],
  [HEADER_MISMATCH, 400],
  [MISSING_CAPABILITY, 400],
  [UNSUPPORTED_REVISION, 400],
]);

/** In bytes. What is longer is a result, or no error of these. */
const MOST_OF_ERROR = 64 * 1024;
/** What is an answer of ours was proven before, or made here. */
const LIMITS: EnvelopeLimits = { depth: Number.MAX_SAFE_INTEGER };

function statusOf(answer: MessageBytes): number {
  let length = 0;
  for (const piece of answer) length += piece.length;
  if (length > MOST_OF_ERROR) return OK;
  const [first] = answer;
  const bytes = first !== undefined && answer.length === 1 ? first : Buffer.concat(answer);
  // Most are results, which need not be read to be told from errors.
  if (beginsAsResult(bytes) || !mayBeError(bytes)) return OK;
  const read = readEnvelope(bytes, LIMITS);
  if (read.kind !== "error") return OK;
  const code = rangeAt(read.bytes, read.error, ["code"]);
  return (code && STATUS_OF_CODE.get(Number(rawAt(read.bytes, code)))) ?? OK;
}

const OK = 200;
