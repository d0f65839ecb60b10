// Who somebody is that has logged in: a name means something only together with whoever vouches for it.
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Principal } from "../facts.ts";

type User = NonNullable<Principal["user"]>;

/** The same for the same person alone: two issuers may know two people by one name. */
export function userIdentity({ id, claims }: User): readonly JsonValue[] {
  const issuer = isJsonObject(claims) ? claims["iss"] : undefined;
  return [id, issuer ?? null];
}
