// Who sends a request: nobody in particular, or whom the bearer token in it makes of its sender.
import { createHash, timingSafeEqual } from "node:crypto";
import type { Principal } from "../../engine/facts.ts";
import { isJsonObject, type JsonArray } from "../../mcp/json.ts";
import type { AuthSettings, BearerSettings } from "./door-settings.ts";
import type { Refusal } from "./refusal.ts";

export interface Caller {
  /** Equal for one and the same, whatever token is shown. */
  readonly key: string;
  readonly user: Principal["user"];
  /** Those it asks for, the best first; absent: it does not say. */
  readonly languages?: readonly string[];
  /** Milliseconds since 1970 until which the token holds. */
  readonly until: number;
}

export type Admission =
  | { readonly kind: "caller"; readonly caller: Caller }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** A promise only where keys have to be fetched, or a token is seen for the first time. */
export type Admit = (authorization: string | undefined) => Admission | Promise<Admission>;

/** Looks at tokens that are no static ones. */
export type VerifyToken = (token: string) => Admission | Promise<Admission>;

export function createAdmit(auth: AuthSettings | undefined, verify: VerifyToken | undefined): Admit {
  if (auth === undefined) return () => NOBODY;
  const bearers = auth.bearer.map((bearer, index) => ({
    digest: digestOf(bearer.token),
    caller: callerOf(bearer, index),
  }));
  return (authorization) => {
    const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) return NO_TOKEN;
    const digest = digestOf(token);
    let found: Caller | undefined;
    // All of them, each in constant time: how long it takes tells nothing of any token.
    for (const bearer of bearers) if (timingSafeEqual(bearer.digest, digest)) found = bearer.caller;
    if (found !== undefined) return { kind: "caller", caller: found };
    return verify === undefined ? BAD_TOKEN : verify(token);
  };
}

/** Whether two tokens of one user say the same of it, but for when they were issued. */
export function isSameUser(one: Caller, other: Caller): boolean {
  return JSON.stringify(lastingOf(one)) === JSON.stringify(lastingOf(other));
}

const PASSING_CLAIMS = new Set(["iat", "exp", "nbf", "jti"]);

/** What a token says of its user that others of the same user say too: groups, and claims. */
export function lastingOf({ user }: Caller): JsonArray {
  const claims = isJsonObject(user?.claims) ? Object.entries(user.claims) : [];
  return [user?.groups ?? null, claims.filter(([name]) => !PASSING_CLAIMS.has(name))];
}

export function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

const NOBODY: Admission = { kind: "caller", caller: { key: "", user: undefined, until: Infinity } };

const NO_TOKEN: Admission = { kind: "refused", refusal: { status: 401, reason: "a bearer token is needed" } };

export const BAD_TOKEN: Admission = { kind: "refused", refusal: { status: 401, reason: "this token is not accepted" } };

function callerOf({ user: id, groups }: BearerSettings, index: number): Caller {
  const user = id === undefined ? undefined : { id, groups, claims: {} };
  return { key: id === undefined ? `bearer ${index}` : `user ${id}`, user, until: Infinity };
}
