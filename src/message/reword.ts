// Members of `params`, `result` and their `_meta` that are other for a reader of another era: put in, replaced, taken out, and nothing else touched.
import type { Envelope } from "./envelope.ts";
import { keyText } from "./key-text.ts";
import { rangeAt } from "./locate.ts";
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
  const made = objectOf(meta);
  const all: Changes = made === undefined ? members : { ...members, [META]: made };
  if (body === undefined) return additionOfParams(bytes, all);
  const found = rangeAt(bytes, body, [META]);
  if (found === undefined || bytes[found.start] !== OPEN_OBJECT) return memberEdits(bytes, body, all);
  if (isEmptied(bytes, found, meta)) return memberEdits(bytes, body, { ...members, [META]: undefined });
  return [...memberEdits(bytes, body, members), ...memberEdits(bytes, found, meta)];
}

/** Whoever put in all that is taken out now put in the object too: two proxies that cross there and back leave no trace. */
function isEmptied(bytes: Buffer, object: Range, changes: Changes): boolean {
  if (objectOf(changes) !== undefined) return false;
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

function memberEdits(bytes: Buffer, object: Range, changes: Changes): readonly Edit[] {
  const missing = new Map(Object.entries(changes));
  const items: SequenceItem[] = [];
  const replaced: Edit[] = [];
  const walk = new MemberWalk(bytes, object);
  while (walk.next()) {
    const range = { start: walk.keyStart - 1, end: walk.valueEnd };
    const key = keyText(bytes, walk.keyStart, walk.keyEnd);
    const isChanged = Object.hasOwn(changes, key);
    const text = isChanged ? changes[key] : undefined;
    items.push({ kind: isChanged && text === undefined ? "removed" : "kept", range });
    if (text !== undefined) replaced.push({ range: walk.value(), text });
    missing.delete(key);
  }
  for (const [key, text] of missing) if (text !== undefined) items.push({ kind: "added", text: memberText(key, text) });
  return [...sequenceEdits(object, items), ...replaced];
}

function memberText(key: string, text: string): string {
  return `${JSON.stringify(key)}:${text}`;
}

function additionOfParams(bytes: Buffer, changes: Changes): readonly Edit[] {
  const params = objectOf(changes);
  const end = bytes.lastIndexOf(CLOSE_OBJECT);
  return params === undefined ? [] : [{ range: { start: end, end }, text: `,"params":${params}` }];
}
