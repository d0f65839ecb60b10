// Going from member to member of an object, or entry to entry of a list, in bytes that are known to be JSON.
import { OPEN_LIST, OPEN_OBJECT, provenValueEnd, spaceEnd, strictStringEnd } from "./scan.ts";
import type { Range } from "./range.ts";

/** One object a walk; `next` moves it on, so that a member costs no allocation. */
export class MemberWalk {
  /** Inside the quotes of the key. Of an entry both are 0. */
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #hasKeys: boolean;
  /** At the opening bracket, then at the comma behind each value. */
  #at: number;

  /** Of anything but an object or a list it is over at once. */
  constructor(bytes: Buffer, range: Range) {
    const bracket = bytes[range.start];
    this.#bytes = bytes;
    this.#hasKeys = bracket === OPEN_OBJECT;
    this.#end = bracket === OPEN_OBJECT || bracket === OPEN_LIST ? range.end - 1 : range.start;
    this.#at = range.start;
  }

  /** `false`: there is none left. */
  next(): boolean {
    const bytes = this.#bytes;
    if (this.#at >= this.#end) return false;
    let at = spaceEnd(bytes, this.#at + 1);
    if (at >= this.#end) return false;
    if (this.#hasKeys) {
      this.keyStart = at + 1;
      const key = strictStringEnd(bytes, at + 1);
      this.keyEnd = key - 1;
      at = spaceEnd(bytes, spaceEnd(bytes, key) + 1);
    }
    this.valueStart = at;
    this.valueEnd = provenValueEnd(bytes, at);
    this.#at = spaceEnd(bytes, this.valueEnd);
    return true;
  }

  value(): Range {
    return { start: this.valueStart, end: this.valueEnd };
  }
}
