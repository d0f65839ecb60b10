// Whether two JSON values say the same; the order of keys does not count.
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "./json.ts";

export function isSameJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) return true;
  if (isJsonArray(one)) return isJsonArray(other) && areSameLists(one, other);
  return isJsonObject(one) && isJsonObject(other) && areSameObjects(one, other);
}

function areSameLists(one: JsonArray, other: JsonArray): boolean {
  return one.length === other.length && one.every((value, index) => isSameJson(value, other[index]));
}

function areSameObjects(one: JsonObject, other: JsonObject): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameJson(one[key], other[key]))
  );
}
