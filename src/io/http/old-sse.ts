// HTTP+SSE, the transport of 2024-11-05, for clients that know nothing newer: a GET for the events, POSTs for the rest.
import { readEnvelope } from "../../message/envelope.ts";
import type { Caller } from "./caller.ts";
import { BUSY } from "./http-session.ts";
import type { OldSession } from "./old-session.ts";
import { methodNotAllowed, notFound, refuse } from "./refusal.ts";
import type { ClientRequest, ClientResponse } from "./request-and-response.ts";
import { readBody } from "./request-body.ts";
import { type Face, faultOfBody, faultOfListener, tooLarge, TOO_MANY_SESSIONS } from "./face.ts";

export function serveOldSse(face: Face, caller: Caller, request: ClientRequest, response: ClientResponse): void {
  const { method } = request;
  if (method === "GET") listen(face, caller, request, response);
  else if (method === "POST") post(face, caller, request, response);
  else refuse(response, methodNotAllowed("GET, POST"));
}

function listen(face: Face, caller: Caller, request: ClientRequest, response: ClientResponse): void {
  const fault = faultOfListener(request);
  if (fault !== undefined) refuse(response, fault);
  else if (face.sessions.openOld(caller, face.attach, response, face.oldPath) === undefined)
    refuse(response, TOO_MANY_SESSIONS);
}

function post(face: Face, caller: Caller, request: ClientRequest, response: ClientResponse): void {
  const fault = faultOfBody(request);
  const id = new URL(request.url ?? "", "http://x").searchParams.get("sessionId") ?? "";
  const session = face.sessions.findOld(id, caller);
  if (fault !== undefined) refuse(response, fault);
  else if (session === undefined) refuse(response, notFound("there is no such session"));
  else
    readBody(request, face.limits.httpBodyBytes, {
      whole: (bytes) => receive(face, session, bytes, response),
      tooLong: () => refuse(response, tooLarge(face.limits.httpBodyBytes)),
      edges: (start, end) => session.tellTooLong(start, end),
    });
}

function receive(face: Face, session: OldSession, bytes: Buffer, response: ClientResponse): void {
  const read = readEnvelope(bytes, face.limits);
  if (read.kind === "malformed") {
    const { code, reason, id, form } = read;
    refuse(response, { status: 400, code, reason, id: form === "request" ? id : undefined });
    // Somebody may wait for what was meant to be an answer.
    if (form === "reply") session.post({ bytes, read });
  } else if (session.post({ bytes, read })) response.writeHead(202, { "content-length": 0 }).end();
  else refuse(response, BUSY);
}
