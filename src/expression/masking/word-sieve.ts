// Many words looked for in one text at once: whose words may stand in it, in one pass however many there are.

/** Numbers of the owners whose words may stand in the text; who is not among them has none there. Each once, in no order. */
export type WordSieve = (text: string) => readonly number[];

/** Shorter words cannot be looked for. In UTF-16 units. */
export const SHORTEST_WORD = 3;

/** Of each owner, by its number, its words. */
export function wordSieve(wordsOfOwners: readonly (readonly string[])[]): WordSieve {
  const uses = usesOfParts(wordsOfOwners.flat());
  const owners = new Map<number, Set<number>>();
  const marks = new Uint8Array(MARKS);
  for (const [owner, words] of wordsOfOwners.entries()) {
    for (const word of words) {
      const at = rarestPart(word, uses);
      const key = keyAt(word, at);
      owners.set(key, (owners.get(key) ?? new Set()).add(owner));
      marks[markAt(word, at)] = 1;
    }
  }
  return (text) => sift(text, marks, owners);
}

const NOBODY: readonly number[] = [];

/** A power of two, so that a thousand words leave most places unmarked. */
const MARKS = 16_384;

function sift(text: string, marks: Uint8Array, owners: ReadonlyMap<number, ReadonlySet<number>>): readonly number[] {
  let found: Set<number> | undefined;
  for (let at = 0; at + SHORTEST_WORD <= text.length; at += 1) {
    if (marks[markAt(text, at)] === 0) continue;
    for (const owner of owners.get(keyAt(text, at)) ?? NOBODY) found = (found ?? new Set()).add(owner);
  }
  return found === undefined ? NOBODY : [...found];
}

/** Where to look up three units of a text, without making a string of them. */
function markAt(text: string, at: number): number {
  const first = text.charCodeAt(at) * 31 + text.charCodeAt(at + 1);
  return (first * 31 + text.charCodeAt(at + 2)) & (MARKS - 1);
}

/** Exact: three units of 16 bits are a whole number. */
function keyAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 0x10000 + text.charCodeAt(at + 1)) * 0x10000 + text.charCodeAt(at + 2);
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
