// A few fixed keys, recognised in bytes without decoding them, and told from keys that a careless parser takes for them.
import { keyText } from "./key-text.ts";
import { BACKSLASH, sameBytes } from "./scan.ts";

export interface KnownKeys<Name extends string = string> {
  readonly names: readonly Name[];
  /** By their length in bytes. */
  readonly byLength: readonly (readonly KnownKey[] | undefined)[];
  /** From the name without its case to the name. */
  readonly folded: ReadonlyMap<string, Name>;
}

interface KnownKey {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** `names` are ASCII. */
export function knownKeys<Name extends string>(names: readonly Name[]): KnownKeys<Name> {
  const byLength: KnownKey[][] = [];
  for (const [index, name] of names.entries()) (byLength[name.length] ??= []).push({ index, bytes: Buffer.from(name) });
  return { names, byLength, folded: new Map(names.map((name) => [fold(name), name])) };
}

export const NONE = -1;

/** Which of them stands there, as its index, escapes read; `start` and `end` lie inside the quotes. */
export function knownIndexAt(bytes: Buffer, start: number, end: number, known: KnownKeys): number {
  const candidates = known.byLength[end - start];
  if (candidates !== undefined) {
    for (let at = 0; at < candidates.length; at++) {
      const candidate = candidates[at] as KnownKey;
      if (sameBytes(bytes, start, end, candidate.bytes)) return candidate.index;
    }
  }
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
  if (known.byLength[end - start] === undefined && isPlain(bytes, start, end)) return undefined;
  const text = keyText(bytes, start, end);
  const name = known.folded.get(fold(text));
  return name === text ? undefined : name;
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
