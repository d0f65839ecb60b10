// Streamable HTTP: which era a request is of; for the legacy one, sessions that begin with `initialize` (2025-11-25, Transports).
import { LEGACY_REVISIONS, MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { isModern } from "../../message/eras/claim-fault.ts";
import { isComposedResult } from "../../message/compose.ts";
import { readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import { claimOf } from "../../message/eras/modern-meta.ts";
import type { Caller } from "./caller.ts";
import type { StreamOptions } from "./event-stream.ts";
import { type Face, faultOfListener, faultOfPost, tooLarge, TOO_MANY_SESSIONS } from "./face.ts";
import type { HttpSession, Incoming } from "./http-session.ts";
import { methodNotAllowed, notFound, type Refusal, refuse } from "./refusal.ts";
import type { ClientRequest, ClientResponse } from "./request-and-response.ts";
import { type BodyEvents, readBody } from "./request-body.ts";
import { receiveAlone, serveStateless, type Visit } from "./stateless.ts";

export function serveStreamable(face: Face, caller: Caller, request: ClientRequest, response: ClientResponse): void {
  const { method } = request;
  if (method === "POST") servePost(face, caller, request, response);
  else if (method === "GET") serveGet(face, caller, request, response);
  else if (method === "DELETE") serveDelete(face, caller, request, response);
  else refuse(response, methodNotAllowed("POST, GET, DELETE"));
}

function servePost(face: Face, caller: Caller, request: ClientRequest, response: ClientResponse): void {
  const fault = faultOfPost(request);
  if (fault !== undefined) refuse(response, fault);
  else if (namesLegacy(request)) postInSession(face, caller, request, response);
  else serveStateless(face, { caller, request, response });
}

function postInSession(face: Face, caller: Caller, request: ClientRequest, response: ClientResponse): void {
  const id = sessionIdOf(request);
  const session = id === undefined ? undefined : face.sessions.find(id, caller);
  if (id !== undefined && session === undefined) {
    refuse(response, UNKNOWN_SESSION);
    return;
  }
  readBody(request, face.limits.httpBodyBytes, new SessionVisit(face, { caller, request, response }, session));
}

/** One object for each request, in the place of a handful of functions. */
class SessionVisit implements Visit, BodyEvents {
  readonly face: Face;
  readonly caller: Caller;
  readonly request: ClientRequest;
  readonly response: ClientResponse;
  readonly session: HttpSession | undefined;

  constructor(face: Face, { caller, request, response }: Visit, session: HttpSession | undefined) {
    this.face = face;
    this.caller = caller;
    this.request = request;
    this.response = response;
    this.session = session;
  }

  whole(bytes: Buffer): void {
    receive(this, bytes);
  }

  tooLong(): void {
    refuse(this.response, tooLarge(this.face.limits.httpBodyBytes));
  }

  edges(start: Buffer, end: Buffer): void {
    this.session?.tellTooLong(start, end);
  }
}

function receive(visit: SessionVisit, bytes: Buffer): void {
  const { face, caller, session, request, response } = visit;
  const read = readEnvelope(bytes, face.limits);
  // What the body says of its era counts; the headers then fit it, or it is refused.
  const isCall = read.kind === "request" || read.kind === "notification";
  const claim = isCall ? claimOf(read) : undefined;
  if (isCall && claim !== undefined) receiveAlone(face, visit, read, claim);
  else if (read.kind === "malformed") {
    const { code, reason, id, form } = read;
    refuse(response, { status: 400, code, reason, id: form === "request" ? id : undefined });
    // Somebody may wait for what was meant to be an answer.
    if (form === "reply") session?.tell({ bytes, read });
  } else if (session !== undefined) session.post(request, response, { bytes, read });
  else if (read.kind !== "request" || read.method !== "initialize") refuse(response, NO_SESSION);
  else open(face, caller, request, response, { bytes, read });
}

function open(
  face: Face,
  caller: Caller,
  request: ClientRequest,
  response: ClientResponse,
  greeting: Incoming & { readonly read: RequestEnvelope },
): void {
  const session = face.sessions.open(caller, face.attach);
  if (session === undefined) {
    refuse(response, TOO_MANY_SESSIONS);
    return;
  }
  // A client that does not learn the id can never use it.
  response.once("close", () => {
    if (!response.writableFinished) session.end();
  });
  session.post(request, response, greeting, openingOf(session, greeting.read.id));
}

/** The session begins with its answer to `initialize`, which has this `id`, if that is no error. */
function openingOf(session: HttpSession, id: string): StreamOptions {
  return {
    headers: (answer) => {
      const [start] = answer ?? [];
      if (start === undefined || isComposedResult(id, start)) return { "mcp-session-id": session.id };
      setImmediate(() => session.end());
      return {};
    },
  };
}

function serveGet(face: Face, caller: Caller, request: ClientRequest, response: ClientResponse): void {
  const { headers } = request;
  const id = sessionIdOf(request);
  const session = id === undefined ? undefined : face.sessions.find(id, caller);
  const fault = faultOfListener(request) ?? faultOfGet(request);
  if (fault !== undefined) refuse(response, fault);
  else if (session === undefined) refuse(response, id === undefined ? NO_SESSION : UNKNOWN_SESSION);
  else session.listen(response, headers["last-event-id"]?.toString());
}

function serveDelete(face: Face, caller: Caller, request: ClientRequest, response: ClientResponse): void {
  const id = sessionIdOf(request);
  const session = id === undefined ? undefined : face.sessions.find(id, caller);
  const fault = faultOfGet(request);
  if (fault !== undefined || session === undefined) {
    refuse(response, fault ?? (id === undefined ? NO_SESSION : UNKNOWN_SESSION));
    return;
  }
  session.end();
  response.writeHead(204).end();
}

/** Without the header it is a client of 2025-03-26, which had none. */
function namesLegacy({ headers }: ClientRequest): boolean {
  const revision = headers["mcp-protocol-version"];
  return revision === undefined || LEGACY_REVISIONS.some((known) => known === revision);
}

function faultOfGet(request: ClientRequest): Refusal | undefined {
  if (namesLegacy(request)) return undefined;
  if (isModern(String(request.headers["mcp-protocol-version"]))) return methodNotAllowed("POST");
  const known = [...MODERN_REVISIONS, ...LEGACY_REVISIONS].join(", ");
  return { status: 400, reason: `this \`MCP-Protocol-Version\` is not spoken here; known are ${known}` };
}

function sessionIdOf({ headers }: ClientRequest): string | undefined {
  return headers["mcp-session-id"]?.toString();
}

const NO_SESSION: Refusal = {
  status: 400,
  reason: "`Mcp-Session-Id` is missing; a session begins with `initialize`",
};
const UNKNOWN_SESSION = notFound("there is no such session; begin another with `initialize`");
