// Proving in one pass that bytes are JSON: its grammar, its depth and, where asked, that no object has a key twice.
import { DUPLICATE, KeyLedger } from "./key-ledger.ts";
import { keyText } from "./key-text.ts";
import {
  BROKEN,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  literalEnd,
  numberEnd,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
  spaceEnd,
  strictStringEnd,
  stringEnd,
} from "./scan.ts";

export type Flaw =
  | { readonly kind: "grammar"; readonly at: number }
  | { readonly kind: "duplicate-key"; readonly key: string }
  | { readonly kind: "depth" };

/** Walks are synchronous, one message at a time, so they share their tables. */
const LEDGER = new KeyLedger();
let BRACKETS = new Uint8Array(512);

export class Proof {
  /** How many objects and lists may be inside each other. */
  readonly depth: number;
  readonly #bytes: Buffer;
  /** How many objects and lists are open; `BRACKETS` has the opening bracket of each. */
  #open = 0;
  #isStrict = true;
  #looksIntoStrings = true;
  /** Set when something ended in `BROKEN`. */
  flaw: Flaw | undefined;

  constructor(bytes: Buffer, depth: number) {
    this.#bytes = bytes;
    this.depth = depth;
    LEDGER.reset();
  }

  /**
   * The end of the value that begins at `start`, or `BROKEN`. Strict: keys must be unique, and every byte of long
   * strings is looked at, unless somebody has done that before.
   */
  valueEnd(start: number, isStrict: boolean, looksIntoStrings = isStrict): number {
    if (isStrict && this.#bytes[start] === QUOTE) return this.keyEnd(start);
    this.#isStrict = isStrict;
    this.#looksIntoStrings = looksIntoStrings;
    const end = this.#walk(start, this.#open);
    this.#isStrict = true;
    this.#looksIntoStrings = true;
    return end;
  }

  /** Enters the object whose `{` is at `start`; the caller walks over its members with `keyEnd` and `valueEnd`. */
  enterObject(start: number): boolean {
    return this.#enter(OPEN_OBJECT, start);
  }

  /** Behind the bracket at `start` that closes the innermost object, or `BROKEN`. */
  leave(start: number): number {
    if (this.#bytes[start] !== CLOSE_OBJECT) return this.#broken(start);
    this.#leave();
    return start + 1;
  }

  enterList(start: number): boolean {
    return this.#enter(OPEN_LIST, start);
  }

  /** Whether the only open bracket closes at `start` and nothing but white space follows. */
  endsAfter(start: number): boolean {
    const bytes = this.#bytes;
    const bracket = BRACKETS[this.#open - 1] as number;
    const end = spaceEnd(bytes, start + 1);
    const isClosed = bytes[start] === bracket + 2;
    if (isClosed && end === bytes.length) return true;
    this.#broken(isClosed ? end : start);
    return false;
  }

  /** The end of the key whose `"` is at `start`, or `BROKEN`. The caller sees to it that it comes once: `once`, `duplicate`. */
  keyEnd(start: number): number {
    const end = this.#bytes[start] === QUOTE ? strictStringEnd(this.#bytes, start + 1) : BROKEN;
    return end === BROKEN ? this.#broken(start) : end;
  }

  /** Whether the key whose `"` is at `start` is new among those of its object that were asked for before. */
  once(start: number): boolean {
    if (LEDGER.add(this.#bytes, start) !== DUPLICATE) return true;
    this.duplicate(start);
    return false;
  }

  /** Says that the key whose `"` is at `start` stands there twice. */
  duplicate(start: number): typeof BROKEN {
    const end = strictStringEnd(this.#bytes, start + 1);
    this.flaw = { kind: "duplicate-key", key: keyText(this.#bytes, start + 1, end - 1) };
    return BROKEN;
  }

  /** Behind the colon that follows a key, at the first byte of its value, or `BROKEN`. */
  colonEnd(start: number): number {
    const at = skip(this.#bytes, start);
    return this.#bytes[at] === COLON ? skip(this.#bytes, at + 1) : this.#broken(at);
  }

  /**
   * As `valueEnd`; `outside`: how many are open around the value. One loop, with one place for each thing that can come: a
   * lone message finds none of this in the processor's caches, and pays for every line of it.
   */
  #walk(start: number, outside: number): number {
    const bytes = this.#bytes;
    let isKeyed = false;
    let at = start;
    for (;;) {
      if (isKeyed) at = this.#memberAt(at);
      if (at === BROKEN) return BROKEN;
      const byte = bytes[at] as number;
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (!this.#enter(byte, at)) return BROKEN;
        isKeyed = byte === OPEN_OBJECT;
        at = skip(bytes, at + 1);
        if (bytes[at] !== byte + 2) continue;
      } else {
        const end = this.#scalarEnd(byte, at);
        if (end === BROKEN) return this.#broken(at);
        if (this.#open === outside) return end;
        at = skip(bytes, end);
      }
      // The closing brackets of ASCII stand two behind the opening ones.
      while (bytes[at] === (BRACKETS[this.#open - 1] as number) + 2) {
        this.#leave();
        at += 1;
        if (this.#open === outside) return at;
        at = skip(bytes, at);
      }
      if (bytes[at] !== COMMA) return this.#broken(at);
      at = skip(bytes, at + 1);
      isKeyed = BRACKETS[this.#open - 1] === OPEN_OBJECT;
    }
  }

  #scalarEnd(byte: number, at: number): number {
    const bytes = this.#bytes;
    if (byte === QUOTE) return this.#looksIntoStrings ? strictStringEnd(bytes, at + 1) : stringEnd(bytes, at + 1);
    if (byte === 0x74 || byte === 0x66 || byte === 0x6e) return literalEnd(bytes, at);
    return numberEnd(bytes, at);
  }

  /** Where the value of the member begins. */
  #memberAt(start: number): number {
    const key = this.#isStrict ? this.#newKeyEnd(start) : this.keyEnd(start);
    return key === BROKEN ? BROKEN : this.colonEnd(key);
  }

  #newKeyEnd(start: number): number {
    if (this.#bytes[start] !== QUOTE) return this.#broken(start);
    const end = LEDGER.add(this.#bytes, start);
    if (end === DUPLICATE) return this.duplicate(start);
    return end === BROKEN ? this.#broken(start) : end;
  }

  #enter(bracket: number, start: number): boolean {
    if (this.#bytes[start] !== bracket) {
      this.#broken(start);
      return false;
    }
    if (this.#open >= this.depth) {
      this.flaw = { kind: "depth" };
      return false;
    }
    if (this.#open === BRACKETS.length) BRACKETS = doubled(BRACKETS);
    BRACKETS[this.#open] = bracket;
    this.#open += 1;
    if (bracket === OPEN_OBJECT && this.#isStrict) LEDGER.open();
    return true;
  }

  #leave(): void {
    this.#open -= 1;
    if (BRACKETS[this.#open] === OPEN_OBJECT && this.#isStrict) LEDGER.close();
  }

  #broken(at: number): typeof BROKEN {
    this.flaw = { kind: "grammar", at };
    return BROKEN;
  }
}

/** As `spaceEnd`; mostly there is none. */
function skip(bytes: Buffer, at: number): number {
  return (bytes[at] as number) > SPACE ? at : spaceEnd(bytes, at);
}

function doubled(array: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(array.length * 2);
  larger.set(array);
  return larger;
}
