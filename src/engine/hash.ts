// A short, even digest of a text, the same everywhere. No secret hangs on it: whoever wants to can make two texts agree.

/** FNV-1a over UTF-16 units with the finish of MurmurHash3: an integer of 32 bits. */
export function hash32(text: string, seed = 0): number {
  let sum = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}
