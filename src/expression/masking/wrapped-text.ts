// Bytes of JSON that show a text otherwise than it is: escapes of letters, JSON in a text in JSON, base64.

const CONTROLS_END = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SMALL_U = 0x75;
const DIGIT_0 = 0x30;
const DIGIT_7 = 0x37;

/** By byte: it may be a part of such a thing. */
const MAY_WRAP = new Uint8Array(256).fill(1, 0, CONTROLS_END);
MAY_WRAP[QUOTE] = 1;
MAY_WRAP[BACKSLASH] = 1;

export function mayWrap(byte: number): boolean {
  return MAY_WRAP[byte] === 1;
}

/**
 * Whether a text around `at` is another than what stands there, but for escapes that stand for no letter, digit or sign of
 * ASCII. So is what JSON does not know, since readers differ about it.
 */
export function wraps(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] === QUOTE) return endsBlobKey(bytes, at);
  return bytes[at] !== BACKSLASH || !isHarmlessEscape(bytes, at + 1);
}

/** By byte: it may follow a backslash. Not another backslash: behind that, a text in a text has escapes of its own. */
const HARMLESS = new Uint8Array(256);
for (const letter of Buffer.from('"/bfnrt')) HARMLESS[letter] = 1;

function isHarmlessEscape(bytes: Uint8Array, at: number): boolean {
  const letter = bytes[at] as number;
  return HARMLESS[letter] === 1 || (letter === SMALL_U && !isOfAscii(bytes, at + 1));
}

/** `\u00` and a digit up to 7. */
function isOfAscii(bytes: Uint8Array, at: number): boolean {
  const third = bytes[at + 2] as number;
  return bytes[at] === DIGIT_0 && bytes[at + 1] === DIGIT_0 && third >= DIGIT_0 && third <= DIGIT_7;
}

const BLOB = Buffer.from('"blob');
const DATA = Buffer.from('"data');
const SMALL_A = 0x61;
const SMALL_B = 0x62;

/** Of base64; also in JSON in a text, where the quotes have a backslash. */
function endsBlobKey(bytes: Uint8Array, quote: number): boolean {
  const end = bytes[quote - 1] === BACKSLASH ? quote - 1 : quote;
  const last = bytes[end - 1];
  if (last === SMALL_A) return standsBefore(bytes, end, DATA);
  return last === SMALL_B && standsBefore(bytes, end, BLOB);
}

function standsBefore(bytes: Uint8Array, end: number, key: Uint8Array): boolean {
  return key.every((byte, index) => bytes[end - key.length + index] === byte);
}
