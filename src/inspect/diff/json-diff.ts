// Two JSON values side by side: what was added, removed or changed, and where.
import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  memberOf,
} from "../../mcp/json.ts";

export interface Difference {
  /** As one would write it in a rule: `params.arguments.files[0]`; empty for the whole value. */
  readonly path: string;
  /** Absent: the value was added. */
  readonly before?: JsonValue;
  /** Absent: the value was removed. */
  readonly after?: JsonValue;
}

/** In document order. Equal values give none. Elements of lists are matched from both ends, so one that goes moves no other. */
export function differences(before: JsonValue | undefined, after: JsonValue | undefined): readonly Difference[] {
  return differencesAt("", before, after);
}

function differencesAt(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly Difference[] {
  if (before === after) return [];
  if (before === undefined) return after === undefined ? [] : [{ path, after }];
  if (after === undefined) return [{ path, before }];
  if (isJsonObject(before) && isJsonObject(after)) return differencesOfMembers(path, before, after);
  if (isJsonArray(before) && isJsonArray(after)) return differencesOfElements(path, before, after);
  return [{ path, before, after }];
}

function differencesOfMembers(path: string, before: JsonObject, after: JsonObject): readonly Difference[] {
  const keys = [...Object.keys(before), ...Object.keys(after).filter((key) => !Object.hasOwn(before, key))];
  return keys.flatMap((key) => differencesAt(memberPath(path, key), memberOf(before, key), memberOf(after, key)));
}

function differencesOfElements(path: string, before: JsonArray, after: JsonArray): readonly Difference[] {
  const start = sameAtStart(before, after);
  const end = sameAtStart(before.slice(start).toReversed(), after.slice(start).toReversed());
  const longest = Math.max(before.length, after.length) - end - start;
  return Array.from({ length: longest }, (_, offset) => start + offset).flatMap((index) =>
    differencesAt(
      `${path}[${index}]`,
      index < before.length - end ? before[index] : undefined,
      index < after.length - end ? after[index] : undefined,
    ),
  );
}

function sameAtStart(before: JsonArray, after: JsonArray): number {
  const first = before.findIndex((value, index) => !isSame(value, after[index]));
  return first === -1 ? before.length : first;
}

function isSame(before: JsonValue, after: JsonValue | undefined): boolean {
  if (before === after) return true;
  if (isJsonArray(before)) {
    return isJsonArray(after) && before.length === after.length && sameAtStart(before, after) === before.length;
  }
  if (!isJsonObject(before) || !isJsonObject(after)) return false;
  const keys = Object.keys(before);
  return keys.length === Object.keys(after).length && keys.every((key) => isSameMember(key, before, after));
}

function isSameMember(key: string, before: JsonObject, after: JsonObject): boolean {
  const value = memberOf(before, key);
  return value !== undefined && isSame(value, memberOf(after, key));
}

function memberPath(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
