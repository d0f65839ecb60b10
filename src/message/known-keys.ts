// A few fixed keys, recognised in bytes without decoding them, and told from keys that a careless parser takes for them.
import { keyText } from "./key-text.ts";
import { BACKSLASH, sameBytes } from "./scan.ts";

export interface KnownKeys {
  readonly names: readonly string[];
  /** The same in UTF-8. */
  readonly bytes: readonly Uint8Array[];
  /** From the name without its case to the name. */
  readonly folded: ReadonlyMap<string, string>;
}

export function knownKeys(names: readonly string[]): KnownKeys {
  return {
    names,
    bytes: names.map((name) => Buffer.from(name)),
    folded: new Map(names.map((name) => [fold(name), name])),
  };
}

/** Which of them stands there, escapes read; `start` and `end` lie inside the quotes. */
export function knownKeyAt(bytes: Buffer, start: number, end: number, known: KnownKeys): string | undefined {
  for (let index = 0; index < known.bytes.length; index++) {
    if (sameBytes(bytes, start, end, known.bytes[index] as Uint8Array)) return known.names[index];
  }
  if (isPlain(bytes, start, end)) return undefined;
  const text = keyText(bytes, start, end);
  return known.names.find((name) => name === text);
}

/**
 * Which of them the key would be if case did not matter, though it is another: Go's JSON and others like it read
 * `"Method"` as `method`, and Unicode's long s (`\u017f`) as `s`.
 */
export function variantAt(bytes: Buffer, start: number, end: number, known: KnownKeys): string | undefined {
  if (isPlain(bytes, start, end) && known.bytes.every((name) => name.length !== end - start)) return undefined;
  const text = keyText(bytes, start, end);
  const name = known.folded.get(fold(text));
  return name === text ? undefined : name;
}

/** Upper case first: both of a letter's small forms (`s`, `\u017f`) have the same capital. */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/** ASCII without escapes: its bytes are its characters. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || byte === BACKSLASH) return false;
  }
  return true;
}
