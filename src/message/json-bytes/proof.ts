// Proving in one pass that bytes are JSON: its grammar, its depth and, where asked, that no object has a key twice.
import { DUPLICATE, KeyLedger } from "./key-ledger.ts";
import { keyText } from "./key-text.ts";
import {
  BROKEN,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  literalEnd,
  numberEnd,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  spaceEnd,
  strictStringEnd,
  stringEnd,
} from "./scan.ts";

/** What the walk expects next. */
const VALUE = 0;
const AFTER_VALUE = 1;
const STOPPED = 2;
type Next = typeof VALUE | typeof AFTER_VALUE | typeof STOPPED;

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
  #at = 0;
  /** Set when something ended in `BROKEN`. */
  flaw: Flaw | undefined;

  constructor(bytes: Buffer, depth: number) {
    this.#bytes = bytes;
    this.depth = depth;
    LEDGER.reset();
  }

  /**
   * The end of the value that begins at `start`, or `BROKEN`. Strict: keys must be unique, and every byte of long
   * strings is looked at.
   */
  valueEnd(start: number, isStrict: boolean): number {
    if (isStrict && this.#bytes[start] === QUOTE) return this.keyEnd(start);
    const outside = this.#open;
    this.#isStrict = isStrict;
    this.#at = start;
    let next = this.#value();
    while (next === VALUE || (next === AFTER_VALUE && this.#open > outside)) {
      next = next === VALUE ? this.#value() : this.#afterValue();
    }
    this.#isStrict = true;
    return next === STOPPED ? BROKEN : this.#at;
  }

  /** Enters the object whose `{` is at `start`; the caller walks over its members with `keyEnd` and `valueEnd`. */
  enterObject(start: number): boolean {
    return this.#enter(OPEN_OBJECT, start);
  }

  /** Behind the bracket at `start` that closes the innermost object, or `BROKEN`. */
  leave(start: number): number {
    if (this.#bytes[start] !== CLOSE_OBJECT) return this.#broken(start);
    this.#leave(start);
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
    const at = this.#bytes[start] === COLON ? start : spaceEnd(this.#bytes, start);
    return this.#bytes[at] === COLON ? spaceEnd(this.#bytes, at + 1) : this.#broken(at);
  }

  #value(): Next {
    const bytes = this.#bytes;
    const at = spaceEnd(bytes, this.#at);
    const byte = bytes[at];
    if (byte === QUOTE)
      return this.#scalar(at, this.#isStrict ? strictStringEnd(bytes, at + 1) : stringEnd(bytes, at + 1));
    if (byte === OPEN_OBJECT) return this.#firstMember(at);
    if (byte === OPEN_LIST) return this.#firstEntry(at);
    if (byte === 0x74 || byte === 0x66 || byte === 0x6e) return this.#scalar(at, literalEnd(bytes, at));
    return this.#scalar(at, numberEnd(bytes, at));
  }

  #scalar(start: number, end: number): Next {
    if (end === BROKEN) return this.#stop(start);
    this.#at = end;
    return AFTER_VALUE;
  }

  #firstMember(start: number): Next {
    if (!this.#enter(OPEN_OBJECT, start)) return STOPPED;
    const at = spaceEnd(this.#bytes, start + 1);
    return this.#bytes[at] === CLOSE_OBJECT ? this.#leave(at) : this.#member(at);
  }

  #firstEntry(start: number): Next {
    if (!this.#enter(OPEN_LIST, start)) return STOPPED;
    const at = spaceEnd(this.#bytes, start + 1);
    if (this.#bytes[at] === CLOSE_LIST) return this.#leave(at);
    this.#at = at;
    return VALUE;
  }

  #member(start: number): Next {
    const key = this.#isStrict ? this.#newKeyEnd(start) : this.keyEnd(start);
    const value = key === BROKEN ? BROKEN : this.colonEnd(key);
    if (value === BROKEN) return STOPPED;
    this.#at = value;
    return VALUE;
  }

  #newKeyEnd(start: number): number {
    if (this.#bytes[start] !== QUOTE) return this.#broken(start);
    const end = LEDGER.add(this.#bytes, start);
    if (end === DUPLICATE) return this.duplicate(start);
    return end === BROKEN ? this.#broken(start) : end;
  }

  #afterValue(): Next {
    const at = spaceEnd(this.#bytes, this.#at);
    const bracket = BRACKETS[this.#open - 1] as number;
    const byte = this.#bytes[at];
    // The closing brackets of ASCII stand two behind the opening ones.
    if (byte === bracket + 2) return this.#leave(at);
    if (byte !== COMMA) return this.#stop(at);
    const next = spaceEnd(this.#bytes, at + 1);
    if (bracket === OPEN_OBJECT) return this.#member(next);
    this.#at = next;
    return VALUE;
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

  #leave(at: number): Next {
    this.#open -= 1;
    if (BRACKETS[this.#open] === OPEN_OBJECT && this.#isStrict) LEDGER.close();
    this.#at = at + 1;
    return AFTER_VALUE;
  }

  #stop(at: number): Next {
    this.#broken(at);
    return STOPPED;
  }

  #broken(at: number): typeof BROKEN {
    this.flaw = { kind: "grammar", at };
    return BROKEN;
  }
}

function doubled(array: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(array.length * 2);
  larger.set(array);
  return larger;
}
