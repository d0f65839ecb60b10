// Members of `params`, `result` and their `_meta` that are other for a reader of another era: put in, replaced, taken out, and nothing else touched.
import type { Envelope } from "./envelope.ts";
import { keyText } from "./key-text.ts";
import { rangeAt, rawAt } from "./locate.ts";
import { MemberWalk } from "./member-walk.ts";
import type { Range } from "./range.ts";
import { CLOSE_OBJECT, OPEN_OBJECT } from "./scan.ts";
import { sequenceEdits, type SequenceItem } from "./sequence-edits.ts";
import { splice, type Edit } from "./splice.ts";

/** By key, as raw JSON text. `undefined`: to be taken out. */
export type Changes = Readonly<Record<string, string | undefined>>;

export interface Rewording {
  /** Of `params` or `result`. */
  readonly members: Changes;
  /** Of its `_meta`. */
  readonly meta: Changes;
}

const META = "_meta";

/** Of a request or a result; an error says the same in every era. */
export function rewordingEdits({ bytes, params, result }: Envelope, rewording: Rewording): readonly Edit[] {
  return editsOf(bytes, params ?? result, rewording);
}

/** The same for a message that is written already, and known to be one. */
export function rewordWritten(message: readonly Buffer[], rewording: Rewording): readonly Buffer[] {
  const bytes = Buffer.concat(message);
  const whole = { start: bytes.indexOf(OPEN_OBJECT), end: bytes.lastIndexOf(CLOSE_OBJECT) + 1 };
  const body = rangeAt(bytes, whole, ["params"]) ?? rangeAt(bytes, whole, ["result"]);
  return splice(bytes, editsOf(bytes, body, rewording));
}

function editsOf(bytes: Buffer, body: Range | undefined, { members, meta }: Rewording): readonly Edit[] {
  const found = body === undefined ? undefined : rangeAt(bytes, body, [META]);
  if (body === undefined || found === undefined || bytes[found.start] !== OPEN_OBJECT) {
    const made = objectOf(meta);
    const all: Changes = made === undefined ? members : { ...members, [META]: made };
    return body === undefined ? additionOfParams(bytes, all) : memberEdits(bytes, body, all);
  }
  if (isEmptied(bytes, found, meta)) return memberEdits(bytes, body, { ...members, [META]: undefined });
  return [...memberEdits(bytes, body, members), ...memberEdits(bytes, found, meta)];
}

/** Whoever put in all that is taken out now put in the object too: two proxies that cross there and back leave no trace. */
function isEmptied(bytes: Buffer, object: Range, changes: Changes): boolean {
  if (Object.values(changes).some((text) => text !== undefined)) return false;
  const walk = new MemberWalk(bytes, object);
  let isEmpty = true;
  while (walk.next()) {
    isEmpty = false;
    if (!Object.hasOwn(changes, keyText(bytes, walk.keyStart, walk.keyEnd))) return false;
  }
  return !isEmpty;
}

/** What is left when it is put where nothing was. */
function objectOf(changes: Changes): string | undefined {
  const members = Object.entries(changes).flatMap(([key, text]) => (text === undefined ? [] : [memberText(key, text)]));
  return members.length === 0 ? undefined : `{${members.join(",")}}`;
}

/** Where it says so already, nothing is written. */
function memberEdits(bytes: Buffer, object: Range, changes: Changes): readonly Edit[] {
  const missing = new Map(Object.entries(changes));
  if (missing.size === 0) return NO_EDITS;
  const items: SequenceItem[] = [];
  const edits: Edit[] = [];
  const walk = new MemberWalk(bytes, object);
  let isSame = true;
  while (walk.next()) {
    const key = keyText(bytes, walk.keyStart, walk.keyEnd);
    const isChanged = Object.hasOwn(changes, key);
    const text = isChanged ? changes[key] : undefined;
    const isRemoved = isChanged && text === undefined;
    isSame &&= !isRemoved;
    items.push({ kind: isRemoved ? "removed" : "kept", range: { start: walk.keyStart - 1, end: walk.valueEnd } });
    if (text !== undefined && rawAt(bytes, walk.value()) !== text) edits.push({ range: walk.value(), text });
    missing.delete(key);
  }
  for (const [key, text] of missing) if (text !== undefined) items.push({ kind: "added", text: memberText(key, text) });
  if (isSame && items.at(-1)?.kind !== "added") return edits;
  return [...sequenceEdits(object, items), ...edits];
}

const NO_EDITS: readonly Edit[] = [];

function memberText(key: string, text: string): string {
  return `${JSON.stringify(key)}:${text}`;
}

function additionOfParams(bytes: Buffer, changes: Changes): readonly Edit[] {
  const params = objectOf(changes);
  const end = bytes.lastIndexOf(CLOSE_OBJECT);
  return params === undefined ? [] : [{ range: { start: end, end }, text: `,"params":${params}` }];
}
