// Sets of characters as sorted ranges of code points: what a class of a regular expression holds.

/** Both ends included; sorted, apart from each other. */
export type CharSet = readonly (readonly [first: number, last: number])[];

export const LAST_CODE_POINT = 0x10ffff;
export const EMPTY: CharSet = [];
export const ANY: CharSet = [[0, LAST_CODE_POINT]];

export const DIGITS: CharSet = [[0x30, 0x39]];
export const WORD: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
/** JavaScript's white space and line ends: JSON-RPC texts come from JavaScript's world. */
export const SPACES: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
export const LINE_ENDS: CharSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

export function union(...sets: readonly CharSet[]): CharSet {
  const ranges = sets.flat().sort(([one], [other]) => one - other);
  const merged: (readonly [number, number])[] = [];
  for (const [first, last] of ranges) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
    else merged.push([first, last]);
  }
  return merged;
}

export function complement(set: CharSet): CharSet {
  const gaps: (readonly [number, number])[] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_CODE_POINT) gaps.push([next, LAST_CODE_POINT]);
  return gaps;
}

export function intersects(one: CharSet, other: CharSet): boolean {
  return one.some(([first, last]) => other.some(([from, to]) => first <= to && from <= last));
}

/** A set that holds at least every character that equals one of `set` when case is ignored. */
export function widenedByCase(set: CharSet): CharSet {
  const otherCase = union(shifted(set, 0x41, 0x5a, 0x20), shifted(set, 0x61, 0x7a, -0x20));
  // `k` and `s` have relatives outside ASCII (the Kelvin sign, the long s), and what lies outside may have relatives anywhere.
  const reachesOut = intersects(set, [[0x80, LAST_CODE_POINT]]);
  const hasRelatives = intersects(union(set, otherCase), [
    [0x6b, 0x6b],
    [0x73, 0x73],
  ]);
  if (!reachesOut && !hasRelatives) return union(set, otherCase);
  return union(set, otherCase, [[0x80, LAST_CODE_POINT]], reachesOut ? LETTERS : EMPTY);
}

const LETTERS: CharSet = [
  [0x41, 0x5a],
  [0x61, 0x7a],
];

function shifted(set: CharSet, from: number, to: number, by: number): CharSet {
  return set.flatMap(([first, last]) => {
    const low = Math.max(first, from);
    const high = Math.min(last, to);
    return low <= high ? [[low + by, high + by] as const] : [];
  });
}
