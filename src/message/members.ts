// An object in a message whose known members were found while the message was proven: nobody walks it again to find them.
import type { KnownKeys } from "./known-keys.ts";
import type { Range } from "./range.ts";

/** One object a message, few numbers: what is not there costs nothing. */
export class Members implements Range {
  start = 0;
  end = 0;
  private readonly keys: KnownKeys;
  /** For each that was found: its index among the keys, and where its value begins and ends. */
  private readonly found: number[] = [];

  constructor(keys: KnownKeys) {
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
      if (found[place] === index) return { start: found[place + 1] as number, end: found[place + 2] as number };
    }
    return undefined;
  }
}
