// The keys of every object that is open while JSON is walked over, to tell when one of them comes twice.
import { keyText } from "./key-text.ts";
import { BACKSLASH, BROKEN, QUOTE, SPACE, strictStringEnd } from "./scan.ts";

/** Above this many keys in one object a set of texts is faster than comparing them one by one. */
const MANY_KEYS = 24;
/** Start, end and hash of each key. */
const FIELDS = 3;

export const DUPLICATE = -2;

export class KeyLedger {
  #keys = new Int32Array(FIELDS * 64);
  #top = 0;
  /** Where the keys of each open object begin in `#keys`. */
  #bases = new Int32Array(64);
  #open = 0;
  /** By depth: the decoded keys of an object that has many, or one with an escape. Mostly empty. */
  readonly #texts = new Map<number, Set<string>>();

  reset(): void {
    this.#top = 0;
    this.#open = 0;
    if (this.#texts.size > 0) this.#texts.clear();
  }

  open(): void {
    if (this.#open === this.#bases.length) this.#bases = doubled(this.#bases);
    this.#bases[this.#open] = this.#top;
    this.#open += 1;
  }

  close(): void {
    if (this.#texts.size > 0) this.#texts.delete(this.#open);
    this.#open -= 1;
    this.#top = this.#bases[this.#open] as number;
  }

  /**
   * Adds the key whose `"` is at `start` to the innermost object. Its end, `BROKEN` if it is no string, or `DUPLICATE`
   * if that object has it already.
   */
  add(bytes: Buffer, start: number): number {
    let hash = 0;
    let at = start + 1;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE || byte === BACKSLASH || byte < SPACE) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    const isPlain = bytes[at] === QUOTE;
    const end = isPlain ? at : strictStringEnd(bytes, at) - 1;
    if (end < at) return BROKEN;
    if (!isPlain || this.#texts.size > 0 || this.#top - this.#base() >= FIELDS * MANY_KEYS) {
      return addText(this.#textsOfInnermost(bytes), keyText(bytes, start + 1, end)) ? end + 1 : DUPLICATE;
    }
    if (this.#has(bytes, start + 1, end, hash)) return DUPLICATE;
    this.#push(start + 1, end, hash);
    return end + 1;
  }

  #has(bytes: Buffer, start: number, end: number, hash: number): boolean {
    const keys = this.#keys;
    for (let at = this.#base(); at < this.#top; at += FIELDS) {
      if (keys[at + 2] !== hash) continue;
      if (bytes.compare(bytes, start, end, keys[at], keys[at + 1]) === 0) return true;
    }
    return false;
  }

  #push(start: number, end: number, hash: number): void {
    const top = this.#top;
    if (top + FIELDS > this.#keys.length) this.#keys = doubled(this.#keys);
    this.#keys[top] = start;
    this.#keys[top + 1] = end;
    this.#keys[top + 2] = hash;
    this.#top = top + FIELDS;
  }

  /** Begins with the keys that were compared as bytes so far. */
  #textsOfInnermost(bytes: Buffer): Set<string> {
    const known = this.#texts.get(this.#open);
    if (known !== undefined) return known;
    const texts = new Set<string>();
    for (let at = this.#base(); at < this.#top; at += FIELDS) {
      texts.add(keyText(bytes, this.#keys[at] as number, this.#keys[at + 1] as number));
    }
    this.#texts.set(this.#open, texts);
    return texts;
  }

  #base(): number {
    return this.#bases[this.#open - 1] as number;
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function addText(texts: Set<string>, text: string): boolean {
  if (texts.has(text)) return false;
  texts.add(text);
  return true;
}
