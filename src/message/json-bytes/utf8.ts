// Whether bytes are UTF-8, for who is not given the fast way.

/** `isUtf8` of `node:buffer`, which these floors may not import. It is 15 to 90 times as fast as the TextDecoder used without it. */
export type Utf8Check = (bytes: Uint8Array) => boolean;

const DECODER = new TextDecoder("utf-8", { fatal: true });

export function decodesAsUtf8(bytes: Uint8Array): boolean {
  try {
    DECODER.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The end of the last whole character before `end`, in bytes that are UTF-8 as far as anybody knows. */
export function characterEnd(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] ?? 0;
    if ((byte & 0xc0) !== 0x80) return lengthFrom(byte) > back ? end - back : end;
  }
  return end;
}

/** Of a character, by its first byte. */
function lengthFrom(byte: number): number {
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}
