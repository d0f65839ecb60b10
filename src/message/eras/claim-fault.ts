// Why a request of the modern era is refused before anything in it is looked at: for what it says of its revision and its sender.
import { INVALID_PARAMS, UNSUPPORTED_REVISION } from "../../mcp/errors.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { CLIENT_CAPABILITIES, CLIENT_INFO, type Claim, objectOf, PROTOCOL_VERSION } from "./modern-meta.ts";

export interface ClaimFault {
  readonly code: number;
  /** For people, one clause. */
  readonly reason: string;
  readonly details?: { readonly supported: readonly string[]; readonly requested: string };
}

/** `undefined`: it will do (2026-07-28, Basic Protocol, Per-request protocol fields). */
export function claimFault(claim: Claim | undefined): ClaimFault | undefined {
  if (claim === undefined) return { code: INVALID_PARAMS, reason: `\`_meta\` lacks \`${PROTOCOL_VERSION}\`` };
  const { revision, capabilities, clientInfo } = claim;
  if (!isModern(revision)) return unsupported(revision);
  if (capabilities === undefined) return { code: INVALID_PARAMS, reason: `\`_meta\` lacks \`${CLIENT_CAPABILITIES}\`` };
  if (objectOf(capabilities) === undefined) return noObject(CLIENT_CAPABILITIES);
  return clientInfo !== undefined && objectOf(clientInfo) === undefined ? noObject(CLIENT_INFO) : undefined;
}

export function isModern(revision: string): boolean {
  return MODERN_REVISIONS.some((known) => known === revision);
}

/** Names what another try may say: the revisions of the legacy era are no answer, since they begin with `initialize`. */
export function unsupported(requested: string): ClaimFault {
  const details = { supported: [...MODERN_REVISIONS], requested };
  return { code: UNSUPPORTED_REVISION, reason: "this revision of MCP is not spoken here", details };
}

function noObject(key: string): ClaimFault {
  return { code: INVALID_PARAMS, reason: `\`${key}\` in \`_meta\` is no object` };
}
