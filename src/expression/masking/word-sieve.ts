// Many words looked for in one text at once: whose words may stand in it, in one pass however many there are.
import type { Truth } from "../truth.ts";
import { mayWrap, wraps } from "./wrapped-text.ts";

export interface WordSieve {
  /** Numbers of the owners whose words may stand in the text; who is not among them has none there. Each once, in no order. */
  owners(text: string): readonly number[];
  /** Whether a word may stand there, between the quotes of a JSON string; in doubt where it is no ASCII, or has escapes. */
  mayStandIn(bytes: Uint8Array, start: number, end: number): Truth;
  /** Of words that JSON spells one way: whether one may stand in any text of a message, however it is wrapped. */
  mayStandInMessage(bytes: Uint8Array): boolean;
}

/** Shorter words cannot be looked for. In UTF-16 units. */
export const SHORTEST_WORD = 3;

/** Of each owner, by its number, its words. */
export function wordSieve(wordsOfOwners: readonly (readonly string[])[]): WordSieve {
  const all = wordsOfOwners.flat();
  const uses = usesOfParts(all);
  const owners = new Map<number, Set<number>>();
  const marks = new Uint8Array(sizeFor(all.length));
  for (const [owner, words] of wordsOfOwners.entries()) {
    for (const word of words) {
      const at = rarestPart(word, uses);
      const key = keyAt(word, at);
      owners.set(key, (owners.get(key) ?? new Set()).add(owner));
      marks[markAt(word, at) & (marks.length - 1)] = 1;
    }
  }
  return {
    owners: (text) => sift(text, marks, owners),
    mayStandIn: (bytes, start, end) => mayStandIn(bytes, start, end, marks, owners),
    mayStandInMessage: (bytes) => mayStandInMessage(bytes, marks, owners),
  };
}

type Owners = ReadonlyMap<number, ReadonlySet<number>>;

const NOBODY: readonly number[] = [];

/** A power of two, so large that words leave most places unmarked: there is one for each set of rules that some call meets. */
function sizeFor(words: number): number {
  let size = LEAST_MARKS;
  while (size < MOST_MARKS && size < words * MARKS_OF_A_WORD) size *= 2;
  return size;
}

const LEAST_MARKS = 256;
const MOST_MARKS = 16_384;
const MARKS_OF_A_WORD = 32;

function sift(text: string, marks: Uint8Array, owners: Owners): readonly number[] {
  const mask = marks.length - 1;
  let found: Set<number> | undefined;
  for (let at = 0; at + SHORTEST_WORD <= text.length; at += 1) {
    if (marks[markAt(text, at) & mask] === 0) continue;
    for (const owner of owners.get(keyAt(text, at)) ?? NOBODY) found = (found ?? new Set()).add(owner);
  }
  return found === undefined ? NOBODY : [...found];
}

const FIRST_BEYOND_ASCII = 0x80;
const BACKSLASH = 0x5c;

function mayStandIn(bytes: Uint8Array, start: number, end: number, marks: Uint8Array, owners: Owners): Truth {
  const mask = marks.length - 1;
  let first = 0;
  let second = 0;
  for (let at = start; at < end; at += 1) {
    const third = bytes[at] as number;
    if (third >= FIRST_BEYOND_ASCII || third === BACKSLASH) return "doubt";
    if (marks[markOf(first, second, third) & mask] === 1 && owners.has(keyOf(first, second, third))) return "yes";
    first = second;
    second = third;
  }
  return "no";
}

function mayStandInMessage(bytes: Uint8Array, marks: Uint8Array, owners: Owners): boolean {
  const mask = marks.length - 1;
  let first = 0;
  let second = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const third = bytes[at] as number;
    if (mayWrap(third) && wraps(bytes, at)) return true;
    if (marks[markOf(first, second, third) & mask] === 1 && owners.has(keyOf(first, second, third))) return true;
    first = second;
    second = third;
  }
  return false;
}

function markAt(text: string, at: number): number {
  return markOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2));
}

function keyAt(text: string, at: number): number {
  return keyOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2));
}

/** From it the place where three units of a text are marked, without making a string of them. */
function markOf(first: number, second: number, third: number): number {
  return (first * 31 + second) * 31 + third;
}

/** Exact: three units of 16 bits are a whole number. */
function keyOf(first: number, second: number, third: number): number {
  return (first * 0x10000 + second) * 0x10000 + third;
}

/** Words that begin alike, as those of a family of rules do, are told apart by where they differ. */
function rarestPart(word: string, uses: ReadonlyMap<number, number>): number {
  let rarest = 0;
  for (let at = 1; at + SHORTEST_WORD <= word.length; at += 1) {
    if ((uses.get(keyAt(word, at)) ?? 0) < (uses.get(keyAt(word, rarest)) ?? 0)) rarest = at;
  }
  return rarest;
}

function usesOfParts(words: readonly string[]): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  for (const word of words) {
    for (let at = 0; at + SHORTEST_WORD <= word.length; at += 1) {
      const key = keyAt(word, at);
      uses.set(key, (uses.get(key) ?? 0) + 1);
    }
  }
  return uses;
}
