// Which entries of a list stand in another order than before: the fewest that had to move.

/** Only entries of both lists; entries are distinct. What comes and goes moves nothing. */
export function inOtherOrder(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const places = new Map(before.map((entry, index) => [entry, index]));
  const common = after.filter((entry) => places.has(entry));
  const kept = new Set(longestRise(common.map((entry) => places.get(entry) ?? 0)));
  return new Set(common.filter((_, index) => !kept.has(index)));
}

/** Indices of a longest subsequence that only rises (patience sorting, n log n). */
function longestRise(values: readonly number[]): readonly number[] {
  /** By length - 1: index of the smallest value that ends a rise of that length. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, value] of values.entries()) {
    const length = lengthBefore(ends, values, value);
    previous.push(ends[length - 1]);
    ends[length] = index;
  }
  const rise: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = previous[at]) rise.push(at);
  return rise;
}

function lengthBefore(ends: readonly number[], values: readonly number[], value: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = ends[middle];
    if (end !== undefined && (values[end] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
