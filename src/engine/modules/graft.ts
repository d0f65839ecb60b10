// A module's payload laid onto the message it was made of: what says the same stays the very value it was.
import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  memberOf,
} from "../../mcp/json.ts";
import { alignLists, isEqual } from "../../message/edits/align-lists.ts";

/**
 * `original` with the differences between `sent` and `returned` made in it. `sent` is the original as the module saw it:
 * masked, so a text that comes back as it was sent stands for the original, and one that does not is what the module
 * wrote. Numbers that only differ in how they were read, unknown fields and the order of keys are the original's.
 */
export function graft(original: JsonValue, sent: JsonValue, returned: JsonValue): JsonValue {
  if (isSaidAgain(sent, returned)) return original;
  if (isJsonObject(original) && isJsonObject(sent) && isJsonObject(returned)) {
    return hasSameKeys(original, sent) ? graftObject(original, sent, returned) : returned;
  }
  if (isJsonArray(original) && isJsonArray(sent) && isJsonArray(returned)) {
    return original.length === sent.length ? graftList(original, sent, returned) : returned;
  }
  return returned;
}

/** Where two values differ, as paths such as `params.arguments.sql`; at most `most`. */
export function differingPaths(before: JsonValue, after: JsonValue, most: number): readonly string[] {
  const paths: string[] = [];
  collect(before, after, "", (path) => {
    if (paths.length < most) paths.push(path);
  });
  return paths;
}

/** JSON has no word for a number that was too large to be read: some write `null` for it. */
function isSaidAgain(sent: JsonValue, returned: JsonValue): boolean {
  return isEqual(sent, returned) || (typeof sent === "number" && !Number.isFinite(sent) && returned === null);
}

/** Other keys: a key was masked, and nobody can say which it stands for. */
function hasSameKeys(original: JsonObject, sent: JsonObject): boolean {
  if (original === sent) return true;
  const keys = Object.keys(original);
  return keys.length === Object.keys(sent).length && keys.every((key) => Object.hasOwn(sent, key));
}

function graftObject(original: JsonObject, sent: JsonObject, returned: JsonObject): JsonObject {
  const kept = Object.keys(original).filter((key) => Object.hasOwn(returned, key));
  const added = Object.keys(returned).filter((key) => !Object.hasOwn(original, key));
  const grafted = kept.map((key): [string, JsonValue] => [
    key,
    graft(original[key] as JsonValue, sent[key] as JsonValue, returned[key] as JsonValue),
  ]);
  const isSame = added.length === 0 && kept.length === Object.keys(original).length;
  if (isSame && grafted.every(([key, value]) => value === original[key])) return original;
  return Object.fromEntries([
    ...grafted,
    ...added.map((key): [string, JsonValue] => [key, returned[key] as JsonValue]),
  ]);
}

function graftList(original: JsonArray, sent: JsonArray, returned: JsonArray): JsonArray {
  const origins = alignLists(sent, returned);
  const grafted = returned.map((value, index) => {
    const origin = origins[index] ?? -1;
    return origin === -1 ? value : graft(original[origin] as JsonValue, sent[origin] as JsonValue, value);
  });
  const isSame = grafted.length === original.length && grafted.every((value, index) => value === original[index]);
  return isSame ? original : grafted;
}

function collect(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
  tell: (path: string) => void,
): void {
  if (before === after) return;
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of keys)
      collect(memberOf(before, key), memberOf(after, key), path === "" ? key : `${path}.${key}`, tell);
  } else if (isJsonArray(before) && isJsonArray(after) && before.length === after.length) {
    for (const [index, value] of before.entries()) collect(value, after[index], `${path}[${String(index)}]`, tell);
  } else tell(path);
}
