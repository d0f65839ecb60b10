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
