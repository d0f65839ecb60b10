// One list of one server, as it sent it: every entry as bytes and as a value, and what the rules made of it.
import type { Principal, ReviewedThing } from "../../engine/facts.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { ListFacts } from "../../mcp/lists.ts";

export interface ListEntry {
  readonly definition: JsonObject;
  /** As the server sent it; written anew if a key stood in it twice. */
  readonly bytes: Buffer;
}

/** All pages of it. */
export interface KnownList {
  readonly entries: readonly ListEntry[];
  /** What else stood in the result, as raw JSON text by key (of the first page that has it). */
  readonly extras: ReadonlyMap<string, string>;
}

export interface ListReview {
  readonly of: KnownList;
  readonly revision: Revision;
  /** Whom it was made for. */
  readonly principal: Principal;
  readonly things: readonly ReviewedThing[];
  /** Some text waits for its translation: soon there may be another one. */
  readonly isPartial: boolean;
  /** Milliseconds since 1970. Later it is worth another one: a module that gave no answer may be well again. */
  readonly goodUntil: number;
}

export class ServerList {
  readonly facts: ListFacts;
  /** `undefined` until the server answered once; stays what it was when a later answer fails. */
  known: KnownList | undefined;
  /** Milliseconds since 1970. */
  knownSince = 0;
  /** The last attempt to read it failed. */
  hasFailed = false;
  /** What an earlier session heard stands for it: the server of this one has not listed it yet. */
  isRecalled = false;
  isFetching = false;
  /** The server did not list it in the time it had: it is not waited for any more until it has. */
  isLate = false;
  /** The server said that it changed while it was being read. */
  isOutdated = false;
  review: ListReview | undefined;
  /** Who waits until it has been read and reviewed. */
  waiting: (() => void)[] = [];
  private names = NAMELESS;

  constructor(facts: ListFacts) {
    this.facts = facts;
  }

  /** The same list again is no change: what was made of it stays. */
  learn(list: KnownList, now: number): void {
    this.knownSince = now;
    this.hasFailed = false;
    this.isLate = false;
    if (this.known === undefined || !isSameList(this.known, list)) this.known = list;
  }

  /** What was known before stands for nothing any more. */
  forget(): void {
    this.known = undefined;
    this.review = undefined;
    this.names = NAMELESS;
  }

  accept(review: ListReview): void {
    this.review = review;
    this.names = namesOf(review, this.facts);
  }

  isReviewed(known: KnownList, revision: Revision, principal: Principal, now: number): boolean {
    const { review } = this;
    if (review === undefined || this.isDoubtful(now)) return false;
    return review.of === known && review.revision === revision && review.principal === principal;
  }

  /** What was made of it is worth no more. */
  isDoubtful(now: number): boolean {
    return this.review !== undefined && now > this.review.goodUntil;
  }

  thing(own: string): ReviewedThing | undefined {
    return this.names.things.get(own);
  }

  entry(own: string): ListEntry | undefined {
    return this.names.entries.get(own);
  }
}

/** By the names that the server gave them. */
interface Names {
  readonly things: ReadonlyMap<string, ReviewedThing>;
  readonly entries: ReadonlyMap<string, ListEntry>;
}

const NAMELESS: Names = { things: new Map(), entries: new Map() };

/** Of each review, once: sessions that share a server share what was made of its lists. */
const NAMES = new WeakMap<ListReview["things"], Names>();

function namesOf({ of, things }: ListReview, { identity }: ListFacts): Names {
  const known = NAMES.get(things);
  if (known !== undefined) return known;
  const entries = new Map<string, ListEntry>();
  for (const entry of of.entries) {
    const own = entry.definition[identity];
    if (typeof own === "string" && !entries.has(own)) entries.set(own, entry);
  }
  const names = { things: new Map(things.map((thing) => [thing.own, thing])), entries };
  NAMES.set(things, names);
  return names;
}

/** Byte for byte. */
export function isSameList(a: KnownList, b: KnownList): boolean {
  if (a === b) return true;
  return (
    a.entries.length === b.entries.length &&
    a.entries.every((entry, index) => b.entries[index]?.bytes.equals(entry.bytes) === true) &&
    a.extras.size === b.extras.size &&
    [...a.extras].every(([key, text]) => b.extras.get(key) === text)
  );
}
