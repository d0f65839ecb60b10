// A small issuer of OAuth tokens and, beside it, an MCP server that wants them: real HTTP, PKCE checked, refresh tokens used once.
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterEach } from "vitest";
import { textOfBody } from "../../text-of-body.ts";

export interface Issuer {
  readonly url: string;
  /** Of the MCP server. */
  readonly serverUrl: string;
  /** Every request to the issuer: method, path, and what was sent along. */
  readonly asked: readonly { readonly path: string; readonly form: Readonly<Record<string, string>> }[];
  /** The tokens that were shown to the MCP server, in order; but for who only asks how to get in. */
  readonly shown: readonly string[];
  /** The server takes no token any more that was issued so far. */
  expire(): void;
  /** The issuer takes no refresh token any more. */
  revoke(): void;
}

export interface IssuerManners {
  /** What it calls itself; its address by default. */
  readonly issuer?: string;
  /** What it says of itself when somebody comes back from its page. */
  readonly iss?: string;
  readonly authorizationEndpoint?: string;
  readonly client?: { readonly id: string; readonly secret: string };
  /** The MCP server says to every request with a token that it may not; this is its `WWW-Authenticate`. */
  readonly forbids?: string;
  /** Where the MCP server is to whom a token opens; without one, requests are answered here. */
  readonly behind?: string;
  /** Where the metadata of the MCP server is, as it says itself: a path, or a whole address. */
  readonly metadata?: string;
  /** How long the issuer takes to renew a token, in milliseconds. */
  readonly slowness?: number;
  /** The MCP server takes no token at all. */
  readonly isClosed?: boolean;
}

const METADATA = "/.well-known/oauth-protected-resource/mcp";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Form = Readonly<Record<string, string>>;

export async function openIssuer(manners: IssuerManners = {}): Promise<Issuer> {
  const asked: { path: string; form: Form }[] = [];
  const shown: string[] = [];
  const valid = new Set<string>();
  const refreshable = new Set<string>();
  const codes = new Map<string, Form>();
  const issue = (): object => {
    const tokens = { access_token: `access-${randomUUID()}`, refresh_token: `refresh-${randomUUID()}` };
    if (manners.isClosed !== true) valid.add(tokens.access_token);
    refreshable.add(tokens.refresh_token);
    return { ...tokens, token_type: "Bearer", expires_in: 3600, scope: "mcp" };
  };
  const server = createServer((request, response) => {
    void textOfBody(request).then((body) => {
      const form = formOf(request, body);
      const { pathname, searchParams } = new URL(request.url ?? "", url());
      if (pathname === "/mcp")
        return serve({ request, response, body }, form, { shown, valid, url: url(), ...manners });
      asked.push({ path: pathname, form: { ...Object.fromEntries(searchParams), ...form } });
      if (pathname === "/authorize") return authorize(response, searchParams, { codes, iss: manners.iss ?? issuer() });
      if (pathname === "/token") return token(request, response, form);
      const known = documents()[pathname];
      return known === undefined ? send(response, 404, {}) : send(response, 200, known);
    });
  });
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = (): string => manners.issuer ?? url();
  const documents = (): Readonly<Record<string, object>> => ({
    [new URL(manners.metadata ?? METADATA, url()).pathname]: {
      resource: `${url()}/mcp`,
      authorization_servers: [url()],
      scopes_supported: ["mcp"],
    },
    "/.well-known/oauth-authorization-server": {
      issuer: issuer(),
      authorization_endpoint: manners.authorizationEndpoint ?? `${url()}/authorize`,
      token_endpoint: `${url()}/token`,
      registration_endpoint: `${url()}/register`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none", "client_secret_basic"],
      authorization_response_iss_parameter_supported: true,
    },
    "/register": { client_id: "registered", redirect_uris: ["http://127.0.0.1/callback"] },
  });
  const token = (request: IncomingMessage, response: ServerResponse, form: Form): void => {
    const refresh = form["refresh_token"] ?? "";
    const isGood =
      (form["grant_type"] === "authorization_code" && isProven(codes, form)) ||
      (form["grant_type"] === "refresh_token" && refreshable.delete(refresh)) ||
      (form["grant_type"] === "client_credentials" && isKnown(request, manners.client));
    if (isGood && refresh !== "") setTimeout(() => send(response, 200, issue()), manners.slowness ?? 0);
    else if (isGood) send(response, 200, issue());
    else send(response, 400, { error: "invalid_grant" });
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return {
    url: url(),
    serverUrl: `${url()}/mcp`,
    asked,
    shown,
    expire: () => valid.clear(),
    revoke: () => refreshable.clear(),
  };
}

/** What somebody's browser does with the page of the issuer, who agrees at once. Where it comes back to, and what that says. */
export async function agree(page: URL): Promise<Response> {
  const back = await fetch(page, { redirect: "manual" });
  return fetch(back.headers.get("location") ?? "");
}

interface Doorman {
  readonly shown: string[];
  readonly valid: ReadonlySet<string>;
  readonly url: string;
  readonly forbids?: string;
  readonly behind?: string;
  readonly metadata?: string;
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

function serve(
  visit: Visit,
  form: Form,
  { shown, valid, url, forbids, behind, metadata: place = METADATA }: Doorman,
): void {
  const { request, response } = visit;
  const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1] ?? "none";
  // The one that only wants to know what strangers are told.
  if (form["method"] !== '"ping"') shown.push(token);
  const metadata = `resource_metadata="${new URL(place, url).href}", scope="first"`;
  if (forbids !== undefined) send(response, 403, {}, { "www-authenticate": forbids });
  else if (!valid.has(token)) send(response, 401, {}, { "www-authenticate": `Bearer ${metadata}` });
  else if (behind !== undefined) void passOn(visit, behind);
  else send(response, 200, { jsonrpc: "2.0", id: JSON.parse(form["id"] ?? "0") as number, result: { shown: true } });
}

async function passOn({ request, response, body }: Visit, behind: string): Promise<void> {
  const own = new Set(["host", "connection", "content-length", "authorization"]);
  const headers = Object.entries(request.headers).filter(([name]) => !own.has(name)) as [string, string][];
  const hungUp = new AbortController();
  response.once("close", () => hungUp.abort());
  try {
    const answer = await fetch(behind, { method: "POST", headers, body, signal: hungUp.signal });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.flushHeaders();
    const chunks: AsyncIterable<Uint8Array> = answer.body ?? Readable.from([]);
    for await (const chunk of chunks) response.write(chunk);
  } catch (error) {
    // A client may hang up at any time, also before it is answered. Nothing else may go wrong here.
    if (!hungUp.signal.aborted) throw error;
  }
  response.end();
}

function authorize(
  response: ServerResponse,
  asked: URLSearchParams,
  { codes, iss }: { codes: Map<string, Form>; iss: string },
): void {
  const code = randomUUID();
  codes.set(code, Object.fromEntries(asked));
  const back = new URL(asked.get("redirect_uri") ?? "");
  for (const [name, value] of Object.entries({ code, iss, state: asked.get("state") ?? "" })) {
    back.searchParams.set(name, value);
  }
  response.writeHead(302, { location: back.href }).end();
}

/** RFC 7636: only who asked the question knows what it was made of. */
function isProven(codes: Map<string, Form>, form: Form): boolean {
  const asked = codes.get(form["code"] ?? "");
  codes.delete(form["code"] ?? "");
  const challenge = createHash("sha256")
    .update(form["code_verifier"] ?? "")
    .digest("base64url");
  return challenge === asked?.["code_challenge"] && form["redirect_uri"] === asked["redirect_uri"];
}

function isKnown({ headers }: IncomingMessage, client: IssuerManners["client"]): boolean {
  const expected = Buffer.from(`${client?.id}:${client?.secret}`).toString("base64");
  return client !== undefined && headers.authorization === `Basic ${expected}`;
}

function formOf(request: IncomingMessage, text: string): Form {
  if (request.headers["content-type"]?.startsWith("application/json") !== true) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const members = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return Object.fromEntries(members.map(([name, value]) => [name, JSON.stringify(value)]));
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
