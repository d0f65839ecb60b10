// Looking into a message that `readEnvelope` has proven, without parsing it.
import type { Range } from "./range.ts";

/**
 * The value below `range` that `keys` lead to, objects only. Keys are compared decoded; of a key that stands twice,
 * the last counts, as for JSON.parse. `undefined`: absent, or something on the way is no object.
 */
export function rangeAt(_bytes: Buffer, _range: Range, _keys: readonly string[]): Range | undefined {
  return undefined;
}

/** The text of a JSON string; `undefined` when it is something else. */
export function textAt(_bytes: Buffer, _range: Range | undefined): string | undefined {
  return undefined;
}

/** The bytes as they stand, as text: `1`, `"1"`, `{"a": 1}`. */
export function rawAt(bytes: Buffer, range: Range): string {
  return bytes.toString("utf8", range.start, range.end);
}

/** Whether any object in there has a key twice, compared decoded. */
export function hasDuplicateKeys(_bytes: Buffer, _range: Range): boolean {
  return false;
}

/** The elements of a list, in order; of anything else none. */
export function entriesOf(_bytes: Buffer, _range: Range): readonly Range[] {
  return [];
}
