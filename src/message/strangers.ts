// Members of a message that JSON-RPC does not know: no rule looks at them, so they do not go along with what was judged.
import { knownIndexAt, knownKeys, NONE } from "./json-bytes/known-keys.ts";
import { MemberWalk } from "./json-bytes/member-walk.ts";
import { CLOSE_OBJECT, OPEN_OBJECT } from "./json-bytes/scan.ts";
import { sequenceEdits, type SequenceItem } from "./edits/sequence-edits.ts";
import { splice } from "./edits/splice.ts";

const MEMBERS = knownKeys(["jsonrpc", "id", "method", "params", "result", "error"]);

/** `message`: whole, and known to be one. */
export function withoutStrangers(message: readonly Buffer[]): readonly Buffer[] {
  const bytes = Buffer.concat(message);
  const items: SequenceItem[] = [];
  const walk = walkOver(bytes);
  while (walk.next()) {
    const range = { start: walk.keyStart - 1, end: walk.valueEnd };
    items.push({ kind: isStranger(walk, bytes) ? "removed" : "kept", range });
  }
  return splice(bytes, sequenceEdits(rangeOf(bytes), items));
}

function walkOver(bytes: Buffer): MemberWalk {
  return new MemberWalk(bytes, rangeOf(bytes));
}

function rangeOf(bytes: Buffer): { readonly start: number; readonly end: number } {
  return { start: bytes.indexOf(OPEN_OBJECT), end: bytes.lastIndexOf(CLOSE_OBJECT) + 1 };
}

function isStranger({ keyStart, keyEnd }: MemberWalk, bytes: Buffer): boolean {
  return knownIndexAt(bytes, keyStart, keyEnd, MEMBERS) === NONE;
}
