// Who talks, as a text that says no more than that it is the same one: what has to be told apart without a login hangs on it.
import type { Principal } from "../../engine/facts.ts";
import { userIdentity } from "../../engine/gates/user-identity.ts";
import type { JsonValue } from "../../mcp/json.ts";
import type { Era } from "../../mcp/methods.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import type { ClientId } from "../event.ts";

export interface Talking {
  readonly id: ClientId;
  readonly known: { readonly boot: string };
  readonly era: Era | undefined;
  readonly principal: Principal;
  /** It talks over HTTP. */
  readonly hasStreams: boolean;
}

/**
 * In the legacy era the connection. In the modern one there is none over HTTP, and what a client says of itself tells
 * nobody apart: there it is whoever logged in, and all who did not are one.
 */
export function sessionKey(
  { id, known, era, principal, hasStreams }: Talking,
  digest: (text: string) => string,
): string {
  const { user, profile } = principal;
  return digest(
    sortedJson([...(era === "modern" && hasStreams ? context(user) : ["session", known.boot, id]), profile ?? null]),
  );
}

/** Others have the same key. */
export function isOneOfMany({ era, principal: { user }, hasStreams }: Talking): boolean {
  return era === "modern" && hasStreams && user === undefined;
}

function context(user: Principal["user"]): readonly JsonValue[] {
  return user === undefined ? ["anybody"] : ["user", ...userIdentity(user)];
}
