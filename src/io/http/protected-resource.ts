// Tells clients who issues the tokens that are good here (RFC 9728), and where to read that (2025-11-25, Authorization).
import type { AuthSettings } from "./door-settings.ts";
import type { ClientRequest } from "./request-and-response.ts";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** The metadata that `path` asks for about what is served at `servedAt`, if it does. */
export function resourceMetadata(
  path: string,
  servedAt: readonly { readonly path: string }[],
  request: ClientRequest,
  auth: AuthSettings | undefined,
): object | undefined {
  if (auth?.jwt === undefined) return undefined;
  if (!path.startsWith(WELL_KNOWN)) return undefined;
  const served = path === WELL_KNOWN ? servedAt[0] : servedAt.find((one) => path === WELL_KNOWN + one.path);
  if (served === undefined) return undefined;
  return {
    resource: resourceOf(served.path, request, auth.jwt.audience),
    authorization_servers: [auth.jwt.issuer],
    bearer_methods_supported: ["header"],
    ...(auth.jwt.scopes.length === 0 ? {} : { scopes_supported: auth.jwt.scopes }),
  };
}

/** `WWW-Authenticate` of a 401 or 403 (RFC 6750, section 3; RFC 9728, section 5.1; 2026-07-28, Scope Challenge Handling). */
export function challenge(
  status: number,
  served: string,
  request: ClientRequest,
  auth: AuthSettings | undefined,
): string {
  const error = status === 403 ? "insufficient_scope" : "invalid_token";
  const parts = request.headers.authorization === undefined ? [] : [`error="${error}"`];
  if (auth?.jwt !== undefined) {
    const { origin, pathname } = new URL(resourceOf(served, request, auth.jwt.audience));
    if (auth.jwt.scopes.length > 0) parts.push(`scope="${auth.jwt.scopes.join(" ")}"`);
    parts.push(`resource_metadata="${origin}${WELL_KNOWN}${pathname}"`);
  }
  return `Bearer ${parts.length === 0 ? 'realm="mcprules"' : parts.join(", ")}`;
}

/** What a token is for is the resource (RFC 8707), as long as that is an address; it knows of TLS in front of us. */
function resourceOf(served: string, request: ClientRequest, audience: string): string {
  return /^https?:\/\//.test(audience) && URL.canParse(audience) ? audience : originOf(request) + served;
}

/** The gate has let this `Host` pass. Quotes and such cannot be in it. */
function originOf({ headers }: ClientRequest): string {
  return `http://${(headers.host ?? "").replaceAll(/[^\w.:[\]-]/g, "")}`;
}
