// Every `redact` of the policy, applied to what leaves by other ways than messages: reasons, records, logs, `$request`.
import { compilePattern } from "../expression/pattern.ts";
import { redactText, redactValue } from "../expression/redact.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../mcp/json.ts";
import type { Masking } from "./index-policy.ts";
import type { Revision } from "./policy-store.ts";

const NO_SECRETS: readonly string[] = [];

/** For the proxy's own refusals and merged lists. `undefined`: something that has to be masked cannot be. */
export function maskValue(
  revision: Revision,
  value: JsonValue,
  secrets: readonly string[] = NO_SECRETS,
): JsonValue | undefined {
  let masked = value;
  for (const { pattern, as } of maskingsOf(revision, secrets)) {
    const redaction = redactValue(masked, pattern, as);
    if (redaction.blocked) return undefined;
    masked = redaction.value;
  }
  return masked;
}

/** `secrets`: values that `supply` wrote. */
export function maskText(revision: Revision, text: string, secrets: readonly string[] = NO_SECRETS): string {
  return maskingsOf(revision, secrets).reduce((masked, { pattern, as }) => redactText(masked, pattern, as), text);
}

/** What hides values that `supply` wrote. */
export function secretMaskings(secrets: readonly string[]): readonly Masking[] {
  return secrets.map((secret) => ({ pattern: compilePattern([{ kind: "glob", text: secret }]), as: SECRET }));
}

/**
 * The texts and numbers inside a supplied value that are long enough to be secrets: masking every `1` or `on` would
 * hide nothing and spoil the reply.
 */
export function secretsIn(value: JsonValue): readonly string[] {
  if (isJsonArray(value)) return value.flatMap(secretsIn);
  if (isJsonObject(value)) return Object.values(value).flatMap(secretsIn);
  if (value === null || typeof value === "boolean") return [];
  return String(value).length >= SHORTEST_SECRET ? [String(value)] : [];
}

const SECRET = "***";
const SHORTEST_SECRET = 4;

function maskingsOf(revision: Revision, secrets: readonly string[]): readonly Masking[] {
  const { maskings } = revision.policy;
  return secrets.length === 0 ? maskings : [...maskings, ...secretMaskings(secrets)];
}
