// A stable merge sort that asks the same questions in the same order as the package's.

/** `isAfter(one, other)`: `one` belongs behind `other`. */
export function sorted<T>(list: readonly T[], isAfter: (one: T, other: T) => boolean): readonly T[] {
  if (list.length <= 1) return list;
  const middle = Math.floor(list.length / 2);
  return merge(sorted(list.slice(0, middle), isAfter), sorted(list.slice(middle), isAfter), isAfter);
}

function merge<T>(left: readonly T[], right: readonly T[], isAfter: (one: T, other: T) => boolean): readonly T[] {
  const merged: T[] = [];
  let inRight = 0;
  for (const [inLeft, one] of left.entries()) {
    for (let other = right[inRight]; inRight < right.length; other = right[inRight]) {
      if (!isAfter(one, other as T)) break;
      merged.push(other as T);
      inRight += 1;
    }
    if (inRight >= right.length) return [...merged, ...left.slice(inLeft)];
    merged.push(one);
  }
  return [...merged, ...right.slice(inRight)];
}
