// Every `redact` of the policy, applied to what leaves by other ways than messages: reasons, records, logs, `$request`.
import { compilePattern, type Pattern } from "../../expression/pattern.ts";
import { mayHoldStrings, redactText, redactValue } from "../../expression/masking/redact.ts";
import { SHORTEST_WORD, wordSieve } from "../../expression/masking/word-sieve.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Masking } from "../index-policy.ts";
import type { Revision } from "../policy-store.ts";

const NO_SECRETS: readonly string[] = [];

/** For the proxy's own refusals and merged lists. `undefined`: something that has to be masked cannot be. */
export function maskValue(
  revision: Revision,
  value: JsonValue,
  secrets: readonly string[] = NO_SECRETS,
): JsonValue | undefined {
  return maskedBy(maskingsOf(revision, secrets), value);
}

/** What `supply` wrote, and nothing else. `undefined`: it cannot be masked. */
export function maskSecrets(value: JsonValue, secrets: readonly string[]): JsonValue | undefined {
  return maskedBy(secretMaskings(secrets), value);
}

function maskedBy(maskings: readonly Masking[], value: JsonValue): JsonValue | undefined {
  let masked = value;
  for (const { pattern, as } of maskings) {
    const redaction = redactValue(masked, pattern, as);
    if (redaction.blocked) return undefined;
    masked = redaction.value;
  }
  return masked;
}

/** `secrets`: values that `supply` wrote. */
export function maskText(revision: Revision, text: string, secrets: readonly string[] = NO_SECRETS): string {
  const masked = maskedByPolicy(revision.policy.maskings, text);
  return secretMaskings(secrets).reduce((sofar, { pattern, as }) => redactText(sofar, pattern, as), masked);
}

/** In their order; after a change the others are looked for again, since a mask may hold the words of a later one. */
function maskedByPolicy(maskings: readonly Masking[], text: string): string {
  let masked = text;
  let waiting = maskingsFor(maskings, masked, 0);
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const masking = maskings[at];
    const before = masked;
    if (masking) masked = redactText(masked, masking.pattern, masking.as);
    if (masked !== before) waiting = maskingsFor(maskings, masked, at + 1);
  }
  return masked;
}

/** One of them stands in every text that it changes. A glob is taken as the text it is. `undefined`: nobody knows, or they are too short. */
export function maskedWords({ parts, words }: Pattern): readonly string[] | undefined {
  const isRegex = parts.every((part) => part.kind === "regex");
  const texts = isRegex ? words : parts.map((part) => (part.kind === "glob" ? part.text : ""));
  return texts?.every((word) => word.length >= SHORTEST_WORD) === true ? texts : undefined;
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

/** Numbers, from `first` on, of those that may find something in the text. */
function maskingsFor(maskings: readonly Masking[], text: string, first: number): number[] {
  const all = maskings.length < FEWEST_SIEVED || mayHoldStrings(text);
  const found = all ? [...maskings.keys()] : sieveOf(maskings)(text);
  return found.filter((at) => at >= first);
}

/** For fewer, asking each costs no more. */
const FEWEST_SIEVED = 8;

/** A policy's own, made for the first text: each line of a log, and each thing of a list, is masked by all its `redact`s. */
const sieves = new WeakMap<readonly Masking[], Sieve>();

/** Which of them a text has to be put to, by their numbers, in order. */
type Sieve = (text: string) => readonly number[];

function sieveOf(maskings: readonly Masking[]): Sieve {
  const known = sieves.get(maskings);
  if (known !== undefined) return known;
  const words = maskings.map(({ pattern }) => maskedWords(pattern));
  const always = [...maskings.keys()].filter((at) => words[at] === undefined);
  const ofWords = wordSieve(words.map((some) => some ?? []));
  const sieve: Sieve = (text) => [...always, ...ofWords.owners(text)].sort((one, other) => one - other);
  sieves.set(maskings, sieve);
  return sieve;
}
