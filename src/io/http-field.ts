// One line of the head of an HTTP message: a name and a value (RFC 9110, 5).

export const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What no value holds: some take a line end by itself for one, or a control character for space, and others do not. */
const STRAY = /[^\t\x20-\x7e\x80-\xff]/;

/** By lower-case name. `undefined`: it is none. */
export function readField(line: string): { readonly name: string; readonly value: string } | undefined {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0));
  if (!FIELD_NAME.test(name) || STRAY.test(line)) return undefined;
  return { name: name.toLowerCase(), value: trimmed(line, colon + 1) };
}

/** `trim` takes away more than the two that are space here (RFC 9110, 5.5): what is left counts, and not everywhere the same. */
function trimmed(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isSpace(line.charCodeAt(start))) start++;
  while (end > start && isSpace(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
