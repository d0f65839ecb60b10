// Which hosts and origins may speak to the door: a page in a browser must not reach it by a name of its own choosing.
import { isIP } from "node:net";
import { rememberingLast } from "../last-answer.ts";
import type { ListenSettings } from "./door-settings.ts";
import type { Refusal } from "./refusal.ts";
import type { ClientRequest } from "./request-and-response.ts";

export interface Gate {
  /** `undefined`: come in. */
  check(request: ClientRequest): Refusal | undefined;
  /** What a browser needs to hand the answer to the page that asked. */
  corsHeaders(request: ClientRequest): Readonly<Record<string, string>> | undefined;
}

/**
 * Against DNS rebinding: a page at evil.example whose name suddenly means 127.0.0.1 still sends its own name as Host and
 * Origin. On a loopback address only the loopback's names are good; elsewhere any plain address is, since no page can
 * make a browser send one for a server of its own, and the names in the settings.
 */
export function openGate(listen: ListenSettings): Gate {
  const isLocal = isLoopback(listen.host);
  const hosts = new Set([...listen.allowedHosts, ...(isAnyAddress(listen.host) ? [] : [listen.host])].map(lower));
  const origins = new Set(listen.allowedOrigins.map(lower));
  const isHostAllowed = (host: string): boolean => {
    const name = nameOfHost(host);
    if (hosts.has(host) || hosts.has(name)) return true;
    return isLocal ? isLoopback(name) : isIP(name) !== 0 || isLoopback(name);
  };
  const isGoodHost = rememberingLast((host) => isHostAllowed(host.toLowerCase()));
  const isOriginAllowed = (origin: string): boolean =>
    origins.has(origin) || (isLocal && isLoopback(nameOfOrigin(origin)));
  const originOf = ({ headers }: ClientRequest): string | undefined => headers.origin?.toLowerCase();
  return {
    check: (request) => {
      const { host } = request.headers;
      if (host === undefined || !isGoodHost(host)) return FOREIGN_HOST;
      const origin = originOf(request);
      return origin === undefined || isOriginAllowed(origin) ? undefined : FOREIGN_ORIGIN;
    },
    corsHeaders: (request) => {
      const origin = originOf(request);
      if (origin === undefined || !isOriginAllowed(origin)) return undefined;
      return {
        "access-control-allow-origin": request.headers.origin ?? "",
        "access-control-expose-headers": "mcp-session-id, mcp-protocol-version, www-authenticate",
        vary: "origin",
      };
    },
  };
}

const FOREIGN_HOST: Refusal = { status: 403, reason: "this `Host` is not served; see `listen.allowedHosts`" };
const FOREIGN_ORIGIN: Refusal = { status: 403, reason: "this `Origin` may not ask; see `listen.allowedOrigins`" };

export function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** Answers the question a browser asks before it lets a page send what is not a plain form. */
export function preflightHeaders(request: ClientRequest): Readonly<Record<string, string>> {
  const wanted = request.headers["access-control-request-headers"] ?? "";
  return {
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-max-age": "600",
    ...(/^[\w\-, ]+$/.test(wanted) ? { "access-control-allow-headers": wanted } : {}),
  };
}

export function isAnyAddress(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** `[::1]:7331` and `localhost:7331` without brackets and port. */
function nameOfHost(host: string): string {
  return host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
}

function nameOfOrigin(origin: string): string {
  return URL.canParse(origin) ? nameOfHost(new URL(origin).host) : "";
}

function lower(text: string): string {
  return text.toLowerCase();
}
