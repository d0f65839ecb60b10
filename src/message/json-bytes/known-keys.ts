// A few fixed keys, recognised in bytes without decoding them, and told from keys that a careless parser takes for them.
import { keyText } from "./key-text.ts";
import { BACKSLASH } from "./scan.ts";

export interface KnownKeys<Name extends string = string> {
  readonly names: readonly Name[];
  /**
   * All in one array, since a lone message pays for every place it has to look at. At each length: where the last name of
   * that length begins, 0 if there is none. There: its index, where the one before it of that length begins, its bytes.
   */
  readonly packed: Uint16Array;
  /** From the name without its case to the name. */
  readonly folded: ReadonlyMap<string, Name>;
}

/** Names are shorter. In bytes. */
const TOO_LONG = 64;

/** `names` are ASCII. */
export function knownKeys<Name extends string>(names: readonly Name[]): KnownKeys<Name> {
  return { names, packed: pack(names), folded: new Map(names.map((name) => [fold(name), name])) };
}

function pack(names: readonly string[]): Uint16Array {
  const numbers = Array.from({ length: TOO_LONG }, () => 0);
  for (const [index, name] of names.entries()) {
    if (name.length >= TOO_LONG) throw new Error(`\`${name}\` is too long to be a known key`);
    const before = numbers[name.length] ?? 0;
    numbers[name.length] = numbers.length;
    numbers.push(index, before, ...Buffer.from(name));
  }
  return Uint16Array.from(numbers);
}

export const NONE = -1;

/** Which of them stands there, as its index, escapes read; `start` and `end` lie inside the quotes. */
export function knownIndexAt(bytes: Buffer, start: number, end: number, known: KnownKeys): number {
  const { packed } = known;
  for (let place = placeOf(packed, end - start); place !== 0; place = packed[place + 1] as number)
    if (isThere(bytes, start, end, packed, place + 2)) return packed[place] as number;
  return isPlain(bytes, start, end) ? NONE : known.names.indexOf(keyText(bytes, start, end));
}

export function knownKeyAt<Name extends string>(
  bytes: Buffer,
  start: number,
  end: number,
  known: KnownKeys<Name>,
): Name | undefined {
  return known.names[knownIndexAt(bytes, start, end, known)];
}

/**
 * Which of them the key would be if case did not matter, though it is another: Go's JSON and others like it read
 * `"Method"` as `method`, and Unicode's long s (`\u017f`) as `s`.
 */
export function variantAt(bytes: Buffer, start: number, end: number, known: KnownKeys): string | undefined {
  if (placeOf(known.packed, end - start) === 0 && isPlain(bytes, start, end)) return undefined;
  const text = keyText(bytes, start, end);
  const name = known.folded.get(fold(text));
  return name === text ? undefined : name;
}

/** Of the last name of this length; 0: there is none. */
function placeOf(packed: Uint16Array, length: number): number {
  return length < TOO_LONG ? (packed[length] ?? 0) : 0;
}

function isThere(bytes: Buffer, start: number, end: number, packed: Uint16Array, place: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== packed[place + at - start]) return false;
  return true;
}

/** Upper case first: both of a letter's small forms (`s`, `\u017f`) have the same capital. */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/** ASCII without escapes: its bytes are its characters. */
export function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || byte === BACKSLASH) return false;
  }
  return true;
}
