// An object in a message that is walked over once, for all who look for something in it.
import { keyIs } from "./key-text.ts";
import { knownIndexAt, type KnownKeys, NONE } from "./known-keys.ts";
import { MemberWalk } from "./member-walk.ts";
import type { Range } from "./range.ts";
import { OPEN_OBJECT } from "./scan.ts";

/** Of an object with more of them nothing is remembered: it is walked over each time. */
const MOST = 32;

/** Numbers of a member: where its key begins and ends inside its quotes, and where its value begins and ends. */
export const PLACES = 4;

/** `range` itself, where it is one. */
export function walked(bytes: Buffer, range: Range): WalkedObject {
  return range instanceof WalkedObject ? range : new WalkedObject(bytes, range.start, range.end);
}

/** The range of an object, or of what may be one, in bytes that are known to be JSON. */
export class WalkedObject implements Range {
  readonly start: number;
  readonly end: number;
  readonly #bytes: Buffer;
  #known: readonly number[] | undefined;
  #isLarge = false;
  /** Of those in it, the one that was asked for last. */
  #inner: WalkedObject | undefined;

  /** `places`: where somebody has walked over it before. */
  constructor(bytes: Buffer, start: number, end: number, places?: readonly number[]) {
    this.#bytes = bytes;
    this.start = start;
    this.end = end;
    this.#known = places;
  }

  /** `PLACES` numbers for each member, in order. Of what is no object there are none. */
  places(): readonly number[] {
    return this.table() ?? placesIn(this.#bytes, this, Number.POSITIVE_INFINITY);
  }

  /** Keys are compared decoded; of one that stands twice the last counts, as for JSON.parse. */
  find(key: string): Range | undefined {
    const places = this.table();
    if (places === undefined) return this.walkTo(key);
    for (let at = places.length - PLACES; at >= 0; at -= PLACES) {
      const start = places[at] as number;
      const end = places[at + 1] as number;
      // No spelling of a key is shorter than the key.
      if (end - start >= key.length && keyIs(this.#bytes, start, end, key))
        return this.value(places[at + 2] as number, places[at + 3] as number);
    }
    return undefined;
  }

  /** The values of these, in their order. */
  those(keys: KnownKeys): readonly (Range | undefined)[] {
    const places = this.table();
    if (places === undefined) return keys.names.map((key) => this.walkTo(key));
    const found: (Range | undefined)[] = [];
    for (let at = 0; at < places.length; at += PLACES) {
      const index = knownIndexAt(this.#bytes, places[at] as number, places[at + 1] as number, keys);
      if (index !== NONE) found[index] = this.value(places[at + 2] as number, places[at + 3] as number);
    }
    return found;
  }

  /** `undefined`: there are too many. */
  private table(): readonly number[] | undefined {
    if (this.#known !== undefined || this.#isLarge) return this.#known;
    const places = placesIn(this.#bytes, this, MOST + 1);
    if (places.length <= MOST * PLACES) this.#known = places;
    else this.#isLarge = true;
    return this.#known;
  }

  private walkTo(key: string): Range | undefined {
    let found: Range | undefined;
    const walk = new MemberWalk(this.#bytes, this);
    while (walk.next())
      if (keyIs(this.#bytes, walk.keyStart, walk.keyEnd, key)) found = this.value(walk.valueStart, walk.valueEnd);
    return found;
  }

  private value(start: number, end: number): Range {
    if (this.#bytes[start] !== OPEN_OBJECT) return { start, end };
    if (this.#inner?.start !== start) this.#inner = new WalkedObject(this.#bytes, start, end);
    return this.#inner;
  }
}

/** Of the first `most` members. */
function placesIn(bytes: Buffer, range: Range, most: number): readonly number[] {
  const places: number[] = [];
  const walk = new MemberWalk(bytes, range);
  while (places.length < most * PLACES && walk.next())
    places.push(walk.keyStart, walk.keyEnd, walk.valueStart, walk.valueEnd);
  return places;
}
