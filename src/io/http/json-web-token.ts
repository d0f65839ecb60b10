// JSON Web Tokens of one issuer, checked with its published keys (RFC 7519, RFC 7517).
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { type Admission, BAD_TOKEN, digestOf, type VerifyToken } from "./caller.ts";
import type { JwtSettings } from "./door-settings.ts";

/** How long a token that was found good is taken at its word, should its key be withdrawn meanwhile. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1000;

/** Public-key signatures only: with a shared secret, whoever can check a token can make one. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

interface Remembered {
  readonly admission: Admission;
  readonly until: number;
}

/** `report` gets what keeps tokens from being checked at all. */
export function createJwtVerifier(settings: JwtSettings, report: (text: string) => void): VerifyToken {
  const keys = createRemoteJWKSet(new URL(settings.jwks), { timeoutDuration: 5000 });
  const remembered = new Map<string, Remembered>();
  const verify = async (token: string, digest: string): Promise<Admission> => {
    try {
      const { issuer, audience } = settings;
      const checks = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ["exp"], clockTolerance: 5 };
      const { payload } = await jwtVerify(token, keys, checks);
      const admission = admissionOf(payload, settings);
      if (admission.kind === "caller") remember(remembered, digest, admission);
      return admission;
    } catch (error) {
      if (isTokensFault(error)) return BAD_TOKEN;
      report(`tokens cannot be checked: ${error instanceof Error ? error.message : String(error)}`);
      return NO_KEYS;
    }
  };
  return (token) => {
    const digest = digestOf(token).toString("base64");
    const known = remembered.get(digest);
    if (known !== undefined && known.until > Date.now()) return known.admission;
    remembered.delete(digest);
    return verify(token, digest);
  };
}

const NO_KEYS: Admission = {
  kind: "refused",
  refusal: { status: 503, reason: "tokens cannot be checked now", headers: { "retry-after": "5" } },
};

/** The token is good, but not for this (RFC 6750, 3.1). */
const TOO_NARROW: Admission = {
  kind: "refused",
  refusal: { status: 403, reason: "this token lacks a scope that is needed here" },
};

function remember(remembered: Map<string, Remembered>, digest: string, admission: Admission): void {
  const validUntil = admission.kind === "caller" ? admission.caller.until : 0;
  remembered.set(digest, { admission, until: Math.min(validUntil, Date.now() + REMEMBERED_MS) });
  for (const oldest of remembered.keys()) {
    if (remembered.size <= MOST_REMEMBERED) break;
    remembered.delete(oldest);
  }
}

/** The token is at fault, and not that its keys cannot be had. */
function isTokensFault(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  const isOfKeys = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
  // `JOSEError` itself is thrown for an answer that is no key set (jose 6, `fetchJwks`).
  return !isOfKeys && error.code !== errors.JOSEError.code;
}

/** A token without the claim that names its user is nobody's. A missing claim of groups leaves membership in doubt. */
function admissionOf(payload: JWTPayload, settings: JwtSettings): Admission {
  const claims = JSON.parse(JSON.stringify(payload)) as JsonValue;
  const id = claimAt(claims, settings.user);
  if (typeof id !== "string" || id === "") return BAD_TOKEN;
  if (!hasScopes(claims, settings.scopes)) return TOO_NARROW;
  const groups = groupsOf(claimAt(claims, settings.groups));
  const until = (payload.exp ?? 0) * 1000;
  return { kind: "caller", caller: { key: `jwt ${id}`, user: { id, groups, claims }, until } };
}

/** A claim of that name; else what a path such as `realm_access.roles` leads to. */
function claimAt(claims: JsonValue, name: string): JsonValue | undefined {
  if (isJsonObject(claims) && Object.hasOwn(claims, name)) return claims[name];
  let at: JsonValue | undefined = claims;
  for (const step of name.split(".")) {
    if (at === undefined || !isJsonObject(at) || !Object.hasOwn(at, step)) return undefined;
    at = at[step];
  }
  return at;
}

/** `scope` (RFC 8693, 4.2), or `scp` as some issuers call it. */
function hasScopes(claims: JsonValue, wanted: readonly string[]): boolean {
  const held = new Set([claimAt(claims, "scope"), claimAt(claims, "scp")].flatMap((claim) => groupsOf(claim) ?? []));
  return wanted.every((scope) => held.has(scope));
}

function groupsOf(claim: JsonValue | undefined): readonly string[] | undefined {
  if (typeof claim === "string") return claim.split(" ").filter((group) => group !== "");
  if (claim === undefined || !isJsonArray(claim)) return undefined;
  const groups = claim.filter((group) => typeof group === "string");
  return groups.length === claim.length ? groups : undefined;
}
