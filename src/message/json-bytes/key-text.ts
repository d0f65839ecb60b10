// The keys of objects as a parser reads them: `"\u0061"` is `a`.
import { BACKSLASH } from "./scan.ts";
import { plainText } from "./short-text.ts";

/** `start` and `end` lie inside the quotes, around what is known to be JSON. */
export function keyText(bytes: Buffer, start: number, end: number): string {
  const plain = plainText(bytes, start, end);
  if (plain !== undefined) return plain;
  const text = bytes.toString("utf8", start, end);
  if (!text.includes("\\")) return text;
  return String(JSON.parse(`"${text}"`));
}

/** Compares without decoding as long as it meets nothing but ASCII. */
export function keyIs(bytes: Buffer, start: number, end: number, key: string): boolean {
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || byte === BACKSLASH) return keyText(bytes, start, end) === key;
    if (byte !== key.charCodeAt(at - start)) return false;
  }
  return at - start === key.length;
}
