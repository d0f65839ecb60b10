// An object in a message whose known members were found while the message was proven: nobody walks it again to find them.
import type { KnownKeys } from "./json-bytes/known-keys.ts";
import type { Range } from "./json-bytes/range.ts";
import { OPEN_OBJECT } from "./json-bytes/scan.ts";
import { WalkedObject } from "./json-bytes/walked-object.ts";

/** One object a message, few numbers: what is not there costs nothing. */
export class Members implements Range {
  start = 0;
  end = 0;
  private readonly bytes: Buffer;
  private readonly keys: KnownKeys;
  /** Of the objects in it, the one that was asked for last. */
  private inner: WalkedObject | undefined;
  /** For each that was found: its index among the keys, and where its value begins and ends. */
  private readonly found: number[] = [];

  constructor(bytes: Buffer, keys: KnownKeys) {
    this.bytes = bytes;
    this.keys = keys;
  }

  /** No index twice. */
  note(index: number, start: number, end: number): void {
    this.found.push(index, start, end);
  }

  /** True: `at` tells whether it is there. Of other keys nothing is known. */
  knows(key: string): boolean {
    return this.keys.names.includes(key);
  }

  at(key: string): Range | undefined {
    const { found } = this;
    const index = this.keys.names.indexOf(key);
    for (let place = 0; place < found.length; place += 3) {
      if (found[place] === index) return this.value(found[place + 1] as number, found[place + 2] as number);
    }
    return undefined;
  }

  private value(start: number, end: number): Range {
    if (this.bytes[start] !== OPEN_OBJECT) return { start, end };
    if (this.inner?.start !== start) this.inner = new WalkedObject(this.bytes, start, end);
    return this.inner;
  }
}
