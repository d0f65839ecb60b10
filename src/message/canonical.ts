// A value inside a message as text that is the same for the same value: keys in one order, no blanks, numbers as they were written.
import { keyText } from "./json-bytes/key-text.ts";
import { entriesOf, rawAt, textAt } from "./locate.ts";
import { MemberWalk } from "./json-bytes/member-walk.ts";
import type { Range } from "./json-bytes/range.ts";
import { OPEN_LIST, OPEN_OBJECT, QUOTE } from "./json-bytes/scan.ts";

/** Keys from the value: `["_meta", "progressToken"]`. True: the member does not count. */
export type LeavesOut = (path: readonly string[]) => boolean;

/** What a digest is taken of. Of a key that stands twice both count. An object that has nothing left in it is left out too. */
export function canonicalText(bytes: Buffer, range: Range, leavesOut: LeavesOut = nothing): string {
  return textOf(bytes, range, leavesOut, []) ?? "{}";
}

function nothing(): boolean {
  return false;
}

function textOf(bytes: Buffer, range: Range, leavesOut: LeavesOut, path: readonly string[]): string | undefined {
  const first = bytes[range.start];
  if (first === OPEN_OBJECT) return objectText(bytes, range, leavesOut, path);
  // Nobody leaves anything out inside of a list.
  if (first === OPEN_LIST)
    return `[${entriesOf(bytes, range)
      .map((entry) => canonicalText(bytes, entry))
      .join(",")}]`;
  const text = first === QUOTE ? textAt(bytes, range) : undefined;
  return text === undefined ? rawAt(bytes, range) : JSON.stringify(text);
}

function objectText(bytes: Buffer, range: Range, leavesOut: LeavesOut, path: readonly string[]): string | undefined {
  const members: { readonly key: string; readonly text: string }[] = [];
  let isWhole = true;
  const walk = new MemberWalk(bytes, range);
  while (walk.next()) {
    const key = keyText(bytes, walk.keyStart, walk.keyEnd);
    const here = [...path, key];
    const text = leavesOut(here) ? undefined : textOf(bytes, walk.value(), leavesOut, here);
    if (text === undefined) isWhole = false;
    else members.push({ key, text });
  }
  return members.length === 0 && !isWhole ? undefined : objectOf(members);
}

/** By UTF-16 units, as JSON Canonicalization (RFC 8785) sorts keys. */
export function objectOf(members: readonly { readonly key: string; readonly text: string }[]): string {
  const sorted = members.toSorted((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)));
  return `{${sorted.map(({ key, text }) => `${JSON.stringify(key)}:${text}`).join(",")}}`;
}
