// Streamable HTTP for clients of the legacy era: sessions that begin with `initialize` (2025-11-25, Transports).
import type { IncomingMessage, ServerResponse } from "node:http";
import { LEGACY_REVISIONS } from "../../mcp/revisions.ts";
import { readEnvelope } from "../../message/envelope.ts";
import type { Caller } from "./caller.ts";
import type { DoorLimits } from "./door-settings.ts";
import type { StreamOptions } from "./event-stream.ts";
import type { HttpSession, Incoming } from "./http-session.ts";
import { methodNotAllowed, notFound, type Refusal, refuse } from "./refusal.ts";
import { readBody } from "./request-body.ts";
import type { AttachCaller, Sessions } from "./sessions.ts";

/** One path that MCP is served at. */
export interface Face {
  readonly path: string;
  /** Where clients of 2024-11-05 find the same. */
  readonly oldPath: string;
  readonly sessions: Sessions;
  readonly limits: DoorLimits & { readonly isUtf8: (bytes: Uint8Array) => boolean };
  readonly attach: AttachCaller;
}

export function serveStreamable(face: Face, caller: Caller, request: IncomingMessage, response: ServerResponse): void {
  const { method } = request;
  if (method === "POST") servePost(face, caller, request, response);
  else if (method === "GET") serveGet(face, caller, request, response);
  else if (method === "DELETE") serveDelete(face, caller, request, response);
  else refuse(response, methodNotAllowed("POST, GET, DELETE"));
}

/** How a body can be wrong before anything in it is read. */
function faultOfPost(request: IncomingMessage): Refusal | undefined {
  const { accept } = request.headers;
  const isAcceptable = accepts(accept, "application/json") && accepts(accept, "text/event-stream");
  return faultOfBody(request) ?? (isAcceptable ? undefined : NOT_ACCEPTABLE);
}

export function faultOfBody({ headers }: IncomingMessage): Refusal | undefined {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") return { status: 415, reason: "`Content-Type` must be `application/json`" };
  const { "content-encoding": encoding } = headers;
  return encoding === undefined ? undefined : { status: 415, reason: "`Content-Encoding` is not supported" };
}

export function faultOfListener({ headers }: IncomingMessage): Refusal | undefined {
  return accepts(headers.accept, "text/event-stream") ? undefined : NO_LISTENER;
}

function servePost(face: Face, caller: Caller, request: IncomingMessage, response: ServerResponse): void {
  const fault = faultOfPost(request) ?? faultOfRevision(request);
  if (fault !== undefined) {
    refuse(response, fault);
    return;
  }
  const id = sessionIdOf(request);
  const session = id === undefined ? undefined : face.sessions.find(id, caller);
  if (id !== undefined && session === undefined) {
    refuse(response, UNKNOWN_SESSION);
    return;
  }
  readBody(request, face.limits.httpBodyBytes, {
    whole: (bytes) => receive(face, { caller, session, request, response }, bytes),
    tooLong: () => refuse(response, tooLarge(face.limits.httpBodyBytes)),
    edges: (start, end) => session?.tellTooLong(start, end),
  });
}

interface Visit {
  readonly caller: Caller;
  readonly session: HttpSession | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function receive(face: Face, { caller, session, request, response }: Visit, bytes: Buffer): void {
  const read = readEnvelope(bytes, face.limits);
  if (read.kind === "malformed") {
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
  request: IncomingMessage,
  response: ServerResponse,
  greeting: Incoming,
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
  session.post(request, response, greeting, openingOf(session, face));
}

/** The session begins with its answer to `initialize`, if that is no error. */
function openingOf(session: HttpSession, { limits }: Face): StreamOptions {
  return {
    headers: (answer) => {
      const isRefused = answer !== undefined && readEnvelope(Buffer.concat(answer), limits).kind !== "result";
      if (!isRefused) return { "mcp-session-id": session.id };
      setImmediate(() => session.end());
      return {};
    },
  };
}

function serveGet(face: Face, caller: Caller, request: IncomingMessage, response: ServerResponse): void {
  const { headers } = request;
  const id = sessionIdOf(request);
  const session = id === undefined ? undefined : face.sessions.find(id, caller);
  const fault = faultOfListener(request) ?? faultOfRevision(request);
  if (fault !== undefined) refuse(response, fault);
  else if (session === undefined) refuse(response, id === undefined ? NO_SESSION : UNKNOWN_SESSION);
  else session.listen(response, headers["last-event-id"]?.toString());
}

function serveDelete(face: Face, caller: Caller, request: IncomingMessage, response: ServerResponse): void {
  const id = sessionIdOf(request);
  const session = id === undefined ? undefined : face.sessions.find(id, caller);
  if (session === undefined) {
    refuse(response, id === undefined ? NO_SESSION : UNKNOWN_SESSION);
    return;
  }
  session.end();
  response.writeHead(204).end();
}

/** Without the header it is a client of 2025-03-26, which had none. */
function faultOfRevision({ headers }: IncomingMessage): Refusal | undefined {
  const revision = headers["mcp-protocol-version"];
  if (revision === undefined || LEGACY_REVISIONS.some((known) => known === revision)) return undefined;
  const known = LEGACY_REVISIONS.join(", ");
  return { status: 400, reason: `this \`MCP-Protocol-Version\` is not spoken here; known are ${known}` };
}

function sessionIdOf({ headers }: IncomingMessage): string | undefined {
  return headers["mcp-session-id"]?.toString();
}

/** As the SDK reads it: what is listed, without weights. */
function accepts(accept: string | undefined, type: string): boolean {
  const [family] = type.split("/");
  const listed = new Set((accept ?? "").split(",").map((entry) => entry.split(";")[0]?.trim().toLowerCase()));
  return listed.has(type) || listed.has("*/*") || listed.has(`${family ?? ""}/*`);
}

export function tooLarge(limit: number): Refusal {
  return { status: 413, reason: `the body is longer than ${limit} bytes` };
}

const NO_SESSION: Refusal = {
  status: 400,
  reason: "`Mcp-Session-Id` is missing; a session begins with `initialize`",
};
const UNKNOWN_SESSION = notFound("there is no such session; begin another with `initialize`");
export const TOO_MANY_SESSIONS: Refusal = {
  status: 503,
  reason: "there are as many sessions as there may be",
  headers: { "retry-after": "30" },
};
const NO_LISTENER: Refusal = { status: 406, reason: "`Accept` must list `text/event-stream`" };
const NOT_ACCEPTABLE: Refusal = {
  status: 406,
  reason: "`Accept` must list both `application/json` and `text/event-stream`",
};
