// Which entries of a changed list are which entries of the list it was.
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../../mcp/json.ts";

/** Above so many comparisons only entries that are the very same value are found again. */
const MANY_COMPARISONS = 250_000;
/** So many entries are looked at for one that has no equal. */
const WIDE_GAP = 64;
const NONE = -1;

/**
 * For each entry of `after` the index of the entry of `before` it is made of, or -1; indices only rise. Entries that
 * are equal are found first, then those between them that have members in common.
 */
export function alignLists(before: JsonArray, after: JsonArray): readonly number[] {
  if (before.length === after.length) return after.map((_, index) => index);
  const find = before.length * after.length > MANY_COMPARISONS ? sameFinder(before) : equalFinder(before);
  let from = 0;
  const found = after.map((entry) => {
    const origin = find(entry, from);
    if (origin !== NONE) from = origin + 1;
    return origin;
  });
  return withGapsFilled(found, before, after);
}

type Finder = (entry: JsonValue, from: number) => number;

function equalFinder(before: JsonArray): Finder {
  return (entry, from) => {
    for (let at = from; at < before.length; at++) {
      if (isEqual(before[at] as JsonValue, entry)) return at;
    }
    return NONE;
  };
}

function sameFinder(before: JsonArray): Finder {
  const positions = new Map(before.map((entry, index) => [entry, index]));
  return (entry, from) => {
    const at = positions.get(entry) ?? NONE;
    return at < from ? NONE : at;
  };
}

/** Gives entries without an origin the one most like them that nobody took, as long as it lies before the next that is known. */
function withGapsFilled(found: readonly number[], before: JsonArray, after: JsonArray): readonly number[] {
  const limits = nextKnown(found, before.length);
  let free = 0;
  return found.map((origin, index) => {
    const end = Math.min(limits[index] as number, free + WIDE_GAP);
    const filled = origin === NONE ? mostAlike(after[index] as JsonValue, before, free, end) : origin;
    if (filled !== NONE) free = filled + 1;
    return filled;
  });
}

function mostAlike(entry: JsonValue, before: JsonArray, start: number, end: number): number {
  let best = NONE;
  let most = 0;
  for (let at = start; at < end; at++) {
    const likeness = likenessOf(before[at] as JsonValue, entry);
    if (likeness <= most) continue;
    most = likeness;
    best = at;
  }
  return best;
}

/** How many members are the very same. */
function likenessOf(one: JsonValue, other: JsonValue): number {
  if (!isJsonObject(one) || !isJsonObject(other)) return 0;
  return Object.keys(one).filter((key) => Object.hasOwn(other, key) && one[key] === other[key]).length;
}

function nextKnown(found: readonly number[], length: number): readonly number[] {
  const next: number[] = [];
  let known = length;
  for (let index = found.length - 1; index >= 0; index--) {
    if (found[index] !== NONE) known = found[index] as number;
    next[index] = known;
  }
  return next;
}

export function isEqual(one: JsonValue, other: JsonValue): boolean {
  if (one === other) return true;
  if (isJsonArray(one)) return isJsonArray(other) && areEqualLists(one, other);
  return isJsonObject(one) && isJsonObject(other) && areEqualObjects(one, other);
}

function areEqualLists(one: JsonArray, other: JsonArray): boolean {
  return one.length === other.length && one.every((entry, index) => isEqual(entry, other[index] as JsonValue));
}

function areEqualObjects(one: JsonObject, other: JsonObject): boolean {
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key] as JsonValue, other[key] as JsonValue));
}
