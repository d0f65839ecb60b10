// Walking over the bytes of JSON without building anything: where a value ends, and whether it is JSON at all.
import { quoteFrom } from "./quoteless.ts";

const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const RETURN = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const SMALL_U = 0x75;

/** What a byte is inside a string: 0 ordinary, else one of these. */
const ENDS_STRING = 1;
const ESCAPES = 2;
const CONTROLS = 3;
const IN_STRING = new Uint8Array(256).fill(CONTROLS, 0, 0x20);
IN_STRING[QUOTE] = ENDS_STRING;
IN_STRING[BACKSLASH] = ESCAPES;

/** What may follow a backslash, but `u`. */
const IS_SHORT_ESCAPE = flags('"\\/bfnrt');
const IS_HEX = flags("0123456789abcdefABCDEF");
const IS_DIGIT = flags("0123456789");

const LITERALS = [Buffer.from("true"), Buffer.from("false"), Buffer.from("null")];

/** Longer strings are searched for their quote by `indexOf`, which is 40 times as fast as a loop (10 MB: 0.4 ms, 16 ms). */
export const LONG_STRING = 1024;

/** No value ends here: it is not JSON. */
export const BROKEN = -1;

export function spaceEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte > SPACE || (byte !== SPACE && byte !== LINE_FEED && byte !== RETURN && byte !== TAB)) return at;
  }
  return at;
}

/** `start` is behind the opening quote, the end behind the closing one. Every byte is looked at. */
export function strictStringEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const kind = IN_STRING[bytes[at] as number];
    if (kind === 0) at++;
    else if (kind === ENDS_STRING) return at + 1;
    else if (kind === CONTROLS) return BROKEN;
    else {
      at = escapeEnd(bytes, at + 1);
      if (at === BROKEN) return BROKEN;
    }
  }
  return BROKEN;
}

/**
 * As `strictStringEnd`, but in a long string only its end is looked for. Control characters and escapes that JSON does
 * not know can be in there then; they cannot move its end.
 */
export function stringEnd(bytes: Buffer, start: number): number {
  const stop = Math.min(bytes.length, start + LONG_STRING);
  let at = start;
  while (at < stop) {
    const kind = IN_STRING[bytes[at] as number];
    if (kind === 0) at++;
    else if (kind === ENDS_STRING) return at + 1;
    else if (kind === CONTROLS) return BROKEN;
    else {
      at = escapeEnd(bytes, at + 1);
      if (at === BROKEN) return BROKEN;
    }
  }
  return longStringEnd(bytes, at);
}

/** `-0`, `1.50`, `1e400`: whatever the grammar of JSON admits, however large. */
export function numberEnd(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  const first = at;
  at = digitsEnd(bytes, at);
  if (at === first || (bytes[first] === 0x30 && at > first + 1)) return BROKEN;
  if (bytes[at] === DOT) {
    const fraction = digitsEnd(bytes, at + 1);
    if (fraction === at + 1) return BROKEN;
    at = fraction;
  }
  return ((bytes[at] ?? 0) | SPACE) === 0x65 ? exponentEnd(bytes, at + 1) : at;
}

export function literalEnd(bytes: Buffer, start: number): number {
  for (const literal of LITERALS) {
    const end = start + literal.length;
    if (bytes[start] === literal[0] && sameBytes(bytes, start, end, literal)) return end;
  }
  return BROKEN;
}

export function sameBytes(bytes: Uint8Array, start: number, end: number, other: Uint8Array): boolean {
  if (end - start !== other.length || end > bytes.length) return false;
  for (let index = 0; index < other.length; index++) {
    if (bytes[start + index] !== other[index]) return false;
  }
  return true;
}

/**
 * The end of a value in bytes that are known to be JSON, so that only quotes and brackets need to be looked at.
 * `start` is its first byte. Of other bytes: the end of something, at most the end of the bytes.
 */
export function provenValueEnd(bytes: Buffer, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at + 1);
      if (at === BROKEN) return bytes.length;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth++;
      at++;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth--;
      at++;
    } else at = depth > 0 ? at + 1 : scalarEnd(bytes, at);
  } while (depth > 0 && at < bytes.length);
  return at;
}

function scalarEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte <= SPACE || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST) return at;
  }
  return at;
}

/** `start` is behind the backslash. */
function escapeEnd(bytes: Uint8Array, start: number): number {
  if (start >= bytes.length) return BROKEN;
  const letter = bytes[start] as number;
  if (IS_SHORT_ESCAPE[letter] === 1) return start + 1;
  if (letter !== SMALL_U || start + 5 > bytes.length) return BROKEN;
  for (let at = start + 1; at < start + 5; at++) {
    if (IS_HEX[bytes[at] as number] !== 1) return BROKEN;
  }
  return start + 5;
}

function longStringEnd(bytes: Buffer, start: number): number {
  let from = start;
  for (;;) {
    const quote = quoteFrom(bytes, from);
    if (quote === -1) return BROKEN;
    const backslashes = backslashesBefore(bytes, quote, start);
    if (backslashes % 2 === 0) return cutsUnicodeEscape(bytes, quote, start) ? BROKEN : quote + 1;
    // Texts full of escaped quotes (JSON in JSON) are faster looked through than searched.
    from = nextSpecial(bytes, quote + 1);
  }
}

/** Skips at most `LONG_STRING` ordinary bytes, escapes too, up to an unescaped quote or the place to search on from. */
function nextSpecial(bytes: Uint8Array, start: number): number {
  const stop = Math.min(bytes.length, start + LONG_STRING);
  let at = start;
  while (at < stop && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function backslashesBefore(bytes: Uint8Array, end: number, start: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === BACKSLASH) at--;
  return end - at;
}

/** `\u12"`: a parser that takes four bytes whatever they are would read past this quote, so this is no end we may trust. */
function cutsUnicodeEscape(bytes: Uint8Array, quote: number, start: number): boolean {
  for (let at = Math.max(start + 1, quote - 4); at < quote; at++) {
    if (bytes[at] === SMALL_U && backslashesBefore(bytes, at, start) % 2 === 1) return true;
  }
  return false;
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && IS_DIGIT[bytes[at] as number] === 1) at++;
  return at;
}

function exponentEnd(bytes: Uint8Array, start: number): number {
  const sign = bytes[start];
  const digits = sign === 0x2b || sign === MINUS ? start + 1 : start;
  const end = digitsEnd(bytes, digits);
  return end === digits ? BROKEN : end;
}

function flags(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
