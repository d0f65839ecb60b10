// Who a test says is speaking: `given user "ada"` is a user of that id, `given user {…}` the whole of one.
import type { Principal } from "../../engine/facts.ts";
import type { PrincipalKind } from "../../language/compiled-value.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";

/** A group needs somebody who is in it; nobody in particular, if the test names no user. */
const SOMEBODY = { id: "somebody", groups: [], claims: {} };

/** `undefined`: the value says nothing of that kind. */
export function withPrincipal(principal: Principal, kind: PrincipalKind, value: JsonValue): Principal | undefined {
  switch (kind) {
    case "client":
      return withPart(principal, "client", clientOf(value));
    case "user":
      return withPart(principal, "user", userOf(value));
    case "group":
      return withPart(principal, "user", memberOf(principal.user, value));
    case "profile":
      return typeof value === "string" ? { ...principal, profile: value } : undefined;
  }
}

function withPart<K extends keyof Principal>(principal: Principal, key: K, part: Principal[K]): Principal | undefined {
  return part === undefined ? undefined : { ...principal, [key]: part };
}

function clientOf(value: JsonValue): Principal["client"] {
  if (typeof value === "string") return { name: value };
  if (!isJsonObject(value) || typeof value["name"] !== "string") return undefined;
  const { name, version, title } = value;
  return {
    name,
    ...(typeof version === "string" && { version }),
    ...(typeof title === "string" && { title }),
  };
}

/** Without `groups` the user's membership is in doubt, as with a token that lacks the claim. */
function userOf(value: JsonValue): Principal["user"] {
  if (typeof value === "string") return { id: value, groups: undefined, claims: {} };
  if (!isJsonObject(value) || typeof value["id"] !== "string") return undefined;
  const { id, groups, claims = {} } = value;
  return { id, claims, groups: isJsonArray(groups) ? groups.filter((group) => typeof group === "string") : undefined };
}

function memberOf(user: Principal["user"], value: JsonValue): Principal["user"] {
  if (typeof value !== "string") return undefined;
  const { groups = [], ...rest } = user ?? SOMEBODY;
  return { ...rest, groups: [...groups, value] };
}
