// Looking into a message that `readEnvelope` has proven, without parsing it.
import { keyIs, keyText } from "./json-bytes/key-text.ts";
import { NONE } from "./json-bytes/known-keys.ts";
import { Members } from "./members.ts";
import { MemberWalk } from "./json-bytes/member-walk.ts";
import { Proof } from "./json-bytes/proof.ts";
import type { Range } from "./json-bytes/range.ts";
import { WalkedObject } from "./json-bytes/walked-object.ts";
import { BROKEN, OPEN_LIST, OPEN_OBJECT, QUOTE } from "./json-bytes/scan.ts";

/**
 * The value below `range` that `keys` lead to, objects only. Keys are compared decoded; of a key that stands twice,
 * the last counts, as for JSON.parse. `undefined`: absent, or something on the way is no object.
 */
export function rangeAt(bytes: Buffer, range: Range, keys: readonly string[]): Range | undefined {
  let at: Range | undefined = range;
  for (const key of keys) {
    at = memberAt(bytes, at, key);
    if (at === undefined) return undefined;
  }
  return at;
}

/** The text of a JSON string; `undefined` when it is something else. */
export function textAt(bytes: Buffer, range: Range | undefined): string | undefined {
  if (range === undefined || bytes[range.start] !== QUOTE) return undefined;
  return textOf(bytes, range);
}

/** The bytes as they stand, as text: `1`, `"1"`, `{"a": 1}`. */
export function rawAt(bytes: Buffer, range: Range): string {
  return bytes.toString("utf8", range.start, range.end);
}

/** Whether it is `rawAt` there; nothing is decoded as long as it is ASCII. */
export function isRawAt(bytes: Buffer, { start, end }: Range, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return rawAt(bytes, { start, end }) === text;
    if (bytes[start + index] !== code) return false;
  }
  return end - start === text.length;
}

/**
 * Whether any object in there has a key twice, compared decoded, or a string holds what JSON does not know.
 * `areStringsSound`: somebody has seen that they hold nothing of that kind.
 */
export function hasDuplicateKeys(bytes: Buffer, range: Range, areStringsSound = false): boolean {
  const proof = new Proof(bytes, Number.MAX_SAFE_INTEGER);
  return proof.valueEnd(range.start, true, !areStringsSound) === BROKEN;
}

/** The elements of a list, in order; of anything else none. */
export function entriesOf(bytes: Buffer, range: Range): readonly Range[] {
  if (bytes[range.start] !== OPEN_LIST) return [];
  const entries: Range[] = [];
  const walk = new MemberWalk(bytes, range);
  while (walk.next()) entries.push(walk.value());
  return entries;
}

function memberAt(bytes: Buffer, range: Range, key: string): Range | undefined {
  if (range instanceof WalkedObject) return range.find(key);
  if (range instanceof Members) {
    const index = range.indexOf(key);
    if (index !== NONE) return range.at(index);
  }
  if (bytes[range.start] !== OPEN_OBJECT) return undefined;
  let found: Range | undefined;
  const walk = new MemberWalk(bytes, range);
  while (walk.next()) {
    if (keyIs(bytes, walk.keyStart, walk.keyEnd, key)) found = walk.value();
  }
  return found;
}

/** A long string of a result may hold what JSON does not know (see `stringEnd`): that is no text. */
function textOf(bytes: Buffer, range: Range): string | undefined {
  try {
    return keyText(bytes, range.start + 1, range.end - 1);
  } catch {
    return undefined;
  }
}
