// An object in a message whose known members were found while the message was proven: nobody walks it again to find them.
import type { Claim } from "./eras/claim.ts";
import type { KnownMeta } from "./eras/known-meta.ts";
import type { KnownKeys } from "./json-bytes/known-keys.ts";
import type { Range } from "./json-bytes/range.ts";
import { OPEN_OBJECT } from "./json-bytes/scan.ts";
import { WalkedObject } from "./json-bytes/walked-object.ts";

/** One object a message, few numbers: what is not there costs nothing. */
export class Members implements Range {
  start = 0;
  end = 0;
  /** Of the whole message, that it was proven with. */
  readonly depth: number;
  /** What `_meta` says of the sender, for who asks again; `undefined`: nobody has asked, or it says nothing. */
  claim: Claim | undefined;
  /** `_meta`, where it came before word for word. */
  meta: KnownMeta | undefined;
  private readonly bytes: Buffer;
  private readonly keys: KnownKeys;
  /** Of the objects in it, the one that was asked for last. */
  private inner: WalkedObject | undefined;
  /** For each that was found: its index among the keys, and where its value begins and ends. */
  private readonly found: number[] = [];
  private metaStart = 0;
  private metaBehind = 0;

  constructor(bytes: Buffer, keys: KnownKeys, depth: number) {
    this.bytes = bytes;
    this.keys = keys;
    this.depth = depth;
  }

  /** No index twice. */
  note(index: number, start: number, end: number): void {
    this.found.push(index, start, end);
  }

  /** `behind`: where the member before it ends; 0: it is the first. */
  noteMeta(known: KnownMeta, start: number, behind: number): void {
    this.meta = known;
    this.metaStart = start;
    this.metaBehind = behind;
    this.claim = known.claim;
  }

  /** `_meta` that came before, with its key and the comma in front of it; `undefined`: that is not how it stands there. */
  metaAfterOthers(): Range | undefined {
    if (this.meta === undefined || this.metaBehind === 0) return undefined;
    return { start: this.metaBehind, end: this.metaStart + this.meta.bytes.length };
  }

  /** Of a key, for `at`; `NONE`: nothing is known of such a key. */
  indexOf(key: string): number {
    return this.keys.names.indexOf(key);
  }

  at(index: number): Range | undefined {
    const { found } = this;
    for (let place = 0; place < found.length; place += 3) {
      if (found[place] === index) return this.value(found[place + 1] as number, found[place + 2] as number);
    }
    return undefined;
  }

  private value(start: number, end: number): Range {
    if (this.bytes[start] !== OPEN_OBJECT) return { start, end };
    if (this.inner?.start === start) return this.inner;
    const known = start === this.metaStart ? this.meta : undefined;
    this.inner = known === undefined ? new WalkedObject(this.bytes, start, end) : known.at(this.bytes, start);
    return this.inner;
  }
}
