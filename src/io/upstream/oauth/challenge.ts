// What a server says to who comes without a token: where its metadata is, and which scopes it wants (RFC 9728, 5.1; RFC 6750, 3).
import { extractWWWAuthenticateParams } from "@modelcontextprotocol/client";
import type { HttpServer } from "../../settings/settings.ts";
import type { OAuthSettings } from "../../settings/oauth.ts";
import { carefulFetch } from "./careful-fetch.ts";

/** How `auth` of the SDK is told where to begin, and what to ask for. */
export interface Beginning {
  readonly serverUrl: string;
  readonly fetchFn: typeof carefulFetch;
  readonly scope?: string;
  readonly resourceMetadataUrl?: URL;
}

/** A request that any revision of MCP refuses to strangers in the same way. */
const STRANGER = {
  method: "POST",
  body: '{"jsonrpc":"2.0","id":0,"method":"ping"}',
  headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
};

/** Scopes of the settings come first; an address elsewhere than at the server's own origin is not asked. */
export async function beginAt({ url, headers }: HttpServer, { scopes }: OAuthSettings): Promise<Beginning> {
  const response = await carefulFetch(url, { ...STRANGER, headers: { ...headers, ...STRANGER.headers } });
  await response.body?.cancel();
  const { scope, resourceMetadataUrl: place } = extractWWWAuthenticateParams(response);
  const wanted = scopes.length === 0 ? scope : scopes.join(" ");
  return {
    serverUrl: url,
    fetchFn: carefulFetch,
    ...(wanted === undefined ? {} : { scope: wanted }),
    ...(place?.origin === new URL(url).origin ? { resourceMetadataUrl: place } : {}),
  };
}
