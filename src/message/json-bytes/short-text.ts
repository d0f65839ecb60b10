// Short texts out of bytes - ids, names, keys - without native code, which costs more than all there is to read.
import { BACKSLASH } from "./scan.ts";

/** A longer number is hardly an id. */
const MOST_DIGITS = 12;
const ZERO = 0x30;
const NO_DIGIT = -1;
const SINGLES = Array.from({ length: 10 }, (_, digit) => String(digit));
const PAIRS = Array.from({ length: 100 }, (_, pair) => String(pair).padStart(2, "0"));

/** What stands there, if it is digits and nothing else, and few; else `undefined`. */
export function digitsText(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start > MOST_DIGITS) return undefined;
  const isOdd = (end - start) % 2 === 1;
  const first = isOdd ? digitAt(bytes, start) : 0;
  if (first === NO_DIGIT) return undefined;
  let text = isOdd ? SINGLES[first] : "";
  for (let at = isOdd ? start + 1 : start; at < end && text !== undefined; at += 2) {
    const tens = digitAt(bytes, at);
    const ones = digitAt(bytes, at + 1);
    text = tens === NO_DIGIT || ones === NO_DIGIT ? undefined : text + PAIRS[tens * 10 + ones];
  }
  return text;
}

function digitAt(bytes: Buffer, at: number): number {
  const digit = (bytes[at] as number) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : NO_DIGIT;
}

/** A longer text is hardly a name. */
const MOST_CHARACTERS = 64;
/**
 * Texts that came lately, each at the place that its hash gives, until another one comes there: always a power of two. They
 * may be anybody's, so they are handed out only where they stand in the bytes at hand.
 */
const RECENT = Array.from({ length: 256 }, () => "");

/** What stands there, if it is ASCII without an escape, and short; else `undefined`. */
export function plainText(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start > MOST_CHARACTERS) return undefined;
  let hash = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || byte === BACKSLASH) return undefined;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const place = hash & (RECENT.length - 1);
  const recent = RECENT[place];
  if (recent !== undefined && isThere(bytes, start, end, recent)) return recent;
  const text = bytes.toString("latin1", start, end);
  RECENT[place] = text;
  return text;
}

function isThere(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at++) if (bytes[at] !== text.charCodeAt(at - start)) return false;
  return true;
}
