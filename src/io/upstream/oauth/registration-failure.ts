// Why the proxy, which comes without a client id, is not known to an issuer: for people, with what to do.
import type { OAuthDiscoveryState } from "@modelcontextprotocol/client";
import { placeOf } from "../http-failure.ts";
import { grantFailure } from "./grant-failure.ts";

/** `url`: of the server. `discovery`: what was found of how to get in there. */
export function registrationFailure(url: string, discovery: OAuthDiscoveryState, error: unknown): string {
  const { authorizationServerUrl, authorizationServerMetadata: metadata, resourceMetadata } = discovery;
  if (metadata === undefined && resourceMetadata === undefined) return `${sayNoOAuth(url)}${CLIENT_ID}`;
  if (metadata === undefined) return `the issuer ${authorizationServerUrl} publishes no OAuth metadata${CLIENT_ID}`;
  const why = metadata.registration_endpoint === undefined ? "it registers nobody by itself" : grantFailure(error);
  return `the proxy is not known to the issuer ${metadata.issuer}: ${why}${CLIENT_ID}`;
}

function sayNoOAuth(url: string): string {
  return `${placeOf(new URL(url))} publishes no OAuth metadata: is the \`url\` right, does it want OAuth at all?`;
}

const CLIENT_ID = `
   = help: register the proxy there, and name its id: \`"oauth": {"client": {"id": "…"}}\``;
