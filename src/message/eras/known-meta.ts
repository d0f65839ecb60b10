// `_meta` of requests that came before, word for word: what was proven of it then, and found in it, holds again.
import type { Range } from "../json-bytes/range.ts";
import { CLOSE_OBJECT, sameBytes } from "../json-bytes/scan.ts";
import { walked, WalkedObject } from "../json-bytes/walked-object.ts";
import type { Claim } from "./claim.ts";

/** A client says the same with every request; there are few kinds of clients at a time. */
const MOST_KNOWN = 16;
/** In bytes. */
const LONGEST = 4096;

export class KnownMeta {
  /** From its opening bracket to its closing one. */
  readonly bytes: Buffer;
  readonly claim: Claim;
  /** Of the whole message, that it was proven with. */
  readonly depth: number;
  private readonly places: readonly number[];

  constructor(bytes: Buffer, depth: number, claim: Claim) {
    this.bytes = bytes;
    this.depth = depth;
    this.claim = claim;
    this.places = walked(bytes, { start: 0, end: bytes.length }).places();
  }

  /** It, where it begins at `start`. */
  at(bytes: Buffer, start: number): WalkedObject {
    const places: number[] = [];
    for (let index = 0; index < this.places.length; index++) places[index] = (this.places[index] as number) + start;
    return new WalkedObject(bytes, start, start + this.bytes.length, places);
  }
}

/** The one that came last is first. */
const KNOWN: KnownMeta[] = [];

/** The one that begins at `start`, in a message whose objects may be inside each other as deep as `depth` says. */
export function knownMetaAt(bytes: Buffer, start: number, depth: number): KnownMeta | undefined {
  for (let index = 0; index < KNOWN.length; index++) {
    const known = KNOWN[index] as KnownMeta;
    const end = start + known.bytes.length;
    if (known.depth !== depth || bytes[end - 1] !== CLOSE_OBJECT) continue;
    if (!sameBytes(bytes, start, end, known.bytes)) continue;
    if (index > 0) KNOWN.unshift(...KNOWN.splice(index, 1));
    return known;
  }
  return undefined;
}

/** `meta`: of a message that is proven with `depth`. A copy is kept: nothing holds the message. */
export function keepMeta(bytes: Buffer, { start, end }: Range, depth: number, claim: Claim): void {
  if (end - start > LONGEST) return;
  if (KNOWN.length >= MOST_KNOWN) KNOWN.pop();
  KNOWN.unshift(new KnownMeta(Buffer.from(bytes.subarray(start, end)), depth, claim));
}
