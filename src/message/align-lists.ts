// Which entries of a changed list are which entries of the list it was.
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../mcp/json.ts";

/** Above so many comparisons only entries that are the very same value are found again. */
const MANY_COMPARISONS = 250_000;
const NONE = -1;

/**
 * For each entry of `after` the index of the entry of `before` it is made of, or -1; indices only rise. Entries that
 * are equal are found first; those between them are taken for each other in order.
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
  return withGapsFilled(found, before.length);
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

/** Gives entries without an origin the next one that nobody took, as long as it lies before the next that is known. */
function withGapsFilled(found: readonly number[], length: number): readonly number[] {
  const limits = nextKnown(found, length);
  let free = 0;
  return found.map((origin, index) => {
    const filled = origin === NONE && free < (limits[index] as number) ? free : origin;
    if (filled !== NONE) free = filled + 1;
    return filled;
  });
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
