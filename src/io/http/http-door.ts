// The HTTP door: who may come in, and which way each request goes.
import { isUtf8 } from "node:buffer";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { codeOf } from "../thrown.ts";
import type { ClientChannel, ClientIdentity, ClientPort } from "../client-port.ts";
import { speaking } from "./accept-language.ts";
import { type Admission, type Admit, createAdmit } from "./caller.ts";
import type { AuthSettings, DoorLimits, ListenSettings } from "./door-settings.ts";
import type { Face } from "./face.ts";
import { type Gate, isLoopback, openGate, preflightHeaders } from "./gate.ts";
import { PlainConnections } from "./plain/connections.ts";
import { challenge, resourceMetadata } from "./protected-resource.ts";
import { serveOldSse } from "./old-sse.ts";
import { notFound, type Refusal, refuse } from "./refusal.ts";
import { RefusalLog } from "./refusal-log.ts";
import type { ClientRequest, ClientResponse, WholeRequest } from "./request-and-response.ts";
import { Sessions } from "./sessions.ts";
import { serveStreamable } from "./streamable.ts";

export interface DoorOptions {
  readonly listen: ListenSettings;
  readonly auth: AuthSettings | undefined;
  readonly limits: DoorLimits;
  /** At least one. */
  readonly faces: readonly FaceOptions[];
  readonly report: (level: "info" | "warn" | "error", text: string) => void;
}

/** One path that MCP is served at. */
export interface FaceOptions {
  readonly path: string;
  /** Where clients of 2024-11-05 find the same. */
  readonly oldPath: string;
  readonly attach: (who: Pick<ClientIdentity, "user" | "languages">, channel: ClientChannel) => ClientPort;
}

export interface Door {
  /** Where MCP is served, face by face. */
  readonly urls: readonly string[];
  /** Ends all sessions. Resolves when nobody is connected any more. */
  readonly close: () => Promise<void>;
}

/** How long a client may take to send a request whole, and its headers, in milliseconds; and how often that is looked at. */
const PATIENCE = { requestTimeout: 60_000, headersTimeout: 15_000, connectionsCheckingInterval: 5000 };

/** A connection that is not used is kept longer than clients keep theirs, so that theirs ends it. */
const KEEP_ALIVE_MS = 75_000;

const MOST_HEADER_BYTES = 16 * 1024;

/** A request with a longer body is read by Node, which takes it in pieces. */
const LONGEST_PLAIN = 64 * 1024;

/** Rejects with the reason when it cannot listen. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { listen, auth, limits, report } = options;
  if (!isLoopback(listen.host) && auth === undefined && !listen.anyone) throw new Error(OPEN_TO_ALL);
  const faces = options.faces.map((face) => ({
    ...face,
    sessions: new Sessions(limits),
    limits: { ...limits, isUtf8 },
  }));
  const endSessions = (): void => {
    for (const { sessions } of faces) sessions.end();
  };
  const admit = await admitOf(auth, report);
  const server = createServer({ ...PATIENCE, maxHeaderSize: MOST_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS });
  // None is dropped unseen: how many there may be follows from their bytes.
  server.maxHeadersCount = 0;
  const refusals = new RefusalLog((text) => report("warn", text));
  const visits: Visits = { gate: openGate(listen), auth, admit, faces, refusals };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => receive(visits, request, response));
  const plain = new PlainConnections(server, {
    ...PATIENCE,
    keepAliveMs: KEEP_ALIVE_MS,
    longestBody: Math.min(LONGEST_PLAIN, limits.httpBodyBytes),
    serve: (request, response) => receivePlain(visits, request, response),
    tlsBegun: ({ remoteAddress }) => refusals.add(remoteAddress, NO_TLS),
  });
  try {
    await listening(server, listen);
  } catch (error) {
    endSessions();
    plain.close();
    throw error;
  }
  const end = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    endSessions();
    plain.close();
    server.closeAllConnections();
    refusals.close();
    await closed;
  };
  let ending: Promise<void> | undefined;
  const urls = faces.map(({ path }) => urlOf(server, listen, path));
  return { urls, close: () => (ending ??= end()) };
}

const NO_TLS = {
  status: 400,
  reason: "it speaks TLS, and this port does not: the client's `url` has to begin with `http:`",
};

const OPEN_TO_ALL = `others can reach this address, and there is no \`auth\`
   = help: listen on 127.0.0.1, or say who may come in: \`"auth": {"bearer": [{"env": "TOKEN"}]}\`
   = help: \`"listen": {"anyone": true}\` serves everybody who can reach it`;

interface Visits {
  readonly gate: Gate;
  readonly auth: AuthSettings | undefined;
  readonly admit: Admit;
  readonly faces: readonly Face[];
  readonly refusals: RefusalLog;
}

/** For the log too: what is refused before anybody is known to be a client of ours. */
function turnAway({ refusals }: Visits, response: ClientResponse, refusal: Refusal): void {
  refusals.add(response.socket?.remoteAddress, refusal);
  refuse(response, refusal);
}

function receive(visits: Visits, request: IncomingMessage, response: ServerResponse): void {
  response.on("error", ignore);
  const { gate, auth, faces } = visits;
  const cors = gate.corsHeaders(request);
  if (cors !== undefined) for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
  const path = pathOf(request);
  const metadata = resourceMetadata(path, faces, request, auth);
  const refusal = gate.check(request);
  if (refusal !== undefined) turnAway(visits, response, refusal);
  else if (cors !== undefined && request.method === "OPTIONS") response.writeHead(204, preflightHeaders(request)).end();
  else if (metadata !== undefined) sendJson(response, metadata);
  else enter(visits, path, request, response);
}

/** It is a POST, and of no page in a browser. */
function receivePlain(visits: Visits, request: WholeRequest, response: ClientResponse): void {
  const refusal = visits.gate.check(request);
  if (refusal !== undefined) turnAway(visits, response, refusal);
  else enter(visits, pathOf(request), request, response);
}

function enter(visits: Visits, path: string, request: ClientRequest, response: ClientResponse): void {
  const { faces } = visits;
  const face = faces.find((one) => one.path === path || one.oldPath === path);
  if (face === undefined) {
    const refusal = notFound(`nothing is served here; MCP is at ${faces.map((one) => one.path).join(", ")}`);
    // Clients look there for what may well be missing.
    if (path.startsWith("/.well-known/")) refuse(response, refusal);
    else turnAway(visits, response, refusal);
    return;
  }
  const admission = visits.admit(request.headers.authorization);
  if (admission instanceof Promise) void admission.then((settled) => goOn(visits, face, settled, request, response));
  else goOn(visits, face, admission, request, response);
}

function goOn(
  visits: Visits,
  face: Face,
  admission: Admission,
  request: ClientRequest,
  response: ClientResponse,
): void {
  // Whoever left while its token was looked at would begin a session that nobody ends.
  if (response.destroyed) return;
  const serve = pathOf(request) === face.path ? serveStreamable : serveOldSse;
  if (admission.kind === "caller")
    serve(face, speaking(admission.caller, request.headers["accept-language"]), request, response);
  else turnAway(visits, response, withChallenge(admission.refusal, face, request, visits.auth));
}

/** A client that is gone shows by the end of its connection. */
function ignore(): void {}

function withChallenge(refusal: Refusal, face: Face, request: ClientRequest, auth: AuthSettings | undefined): Refusal {
  const { status } = refusal;
  if (status !== 401 && status !== 403) return refusal;
  return { ...refusal, headers: { "www-authenticate": challenge(status, face.path, request, auth) } };
}

/** What checks JSON Web Tokens is loaded where there are any. */
async function admitOf(auth: AuthSettings | undefined, report: DoorOptions["report"]): Promise<Admit> {
  if (auth?.jwt === undefined) return createAdmit(auth, undefined);
  const { createJwtVerifier } = await import("./json-web-token.ts");
  return createAdmit(
    auth,
    createJwtVerifier(auth.jwt, (text) => report("error", text)),
  );
}

function pathOf({ url = "/" }: ClientRequest): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

function sendJson(response: ServerResponse, value: object): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}

async function listening(server: Server, { host, port }: ListenSettings): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw codeOf(error) === "EADDRINUSE" ? new Error(sayTaken(addressOf(host, port))) : error;
  }
}

function sayTaken(address: string): string {
  return `another program listens at ${address} (perhaps another mcprules: \`mcprules status\`)
   = help: \`--http PORT\` takes another port`;
}

function addressOf(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function urlOf(server: Server, { host }: ListenSettings, path: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${addressOf(host, port)}${path}`;
}
