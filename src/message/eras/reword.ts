// Members of `params`, `result` and their `_meta` that are other for a reader of another era: put in, replaced, taken out, and nothing else touched.
import type { Envelope } from "../envelope.ts";
import { keyIs, keyText } from "../json-bytes/key-text.ts";
import { isPlain } from "../json-bytes/known-keys.ts";
import { isRawAt, rangeAt } from "../locate.ts";
import { Members } from "../members.ts";
import type { Range } from "../json-bytes/range.ts";
import { CLOSE_OBJECT, OPEN_OBJECT } from "../json-bytes/scan.ts";
import { sequenceEdits, type SequenceItem } from "../edits/sequence-edits.ts";
import { splice, type Edit } from "../edits/splice.ts";
import { PLACES, walked } from "../json-bytes/walked-object.ts";
import type { KnownMeta } from "./known-meta.ts";

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
  if (body === undefined) return additionOfParams(bytes, withMeta(members, meta));
  const known =
    body instanceof Members && body.meta !== undefined
      ? editsBesideKnown(bytes, body, body.meta, { members, meta })
      : undefined;
  if (known !== undefined) return known;
  const found = rangeAt(bytes, body, [META]);
  if (found === undefined) return memberEdits(bytes, body, members, memberOf(meta));
  if (bytes[found.start] !== OPEN_OBJECT) return memberEdits(bytes, body, withMeta(members, meta));
  if (isEmptied(bytes, found, meta)) return memberEdits(bytes, body, { ...members, [META]: undefined });
  const inBody = memberEdits(bytes, body, members);
  const inMeta = memberEdits(bytes, found, meta);
  return inBody.length === 0 ? inMeta : [...inBody, ...inMeta];
}

/** What becomes of `_meta` that came before, if it stays or goes as a whole. `undefined`: it does not, or not alone. */
function editsBesideKnown(
  bytes: Buffer,
  body: Members,
  known: KnownMeta,
  { members, meta }: Rewording,
): readonly Edit[] | undefined {
  const fit = fitOf(known, meta);
  if (fit === "in parts") return undefined;
  const edits = memberEdits(bytes, body, members);
  if (fit === "stays") return edits;
  const range = edits.length === 0 ? body.metaAfterOthers() : undefined;
  return range && [{ range, text: "" }];
}

type Fit = "stays" | "goes" | "in parts";

const FITS = new WeakMap<Changes, WeakMap<KnownMeta, Fit>>();
const SEEN = new WeakSet<Changes>();

function fitOf(known: KnownMeta, changes: Changes): Fit {
  const found = FITS.get(changes)?.get(known);
  if (found !== undefined) return found;
  if (SEEN.has(changes)) return keepFit(known, changes);
  // Those of a trace come once: nothing is found out for them that another request could use.
  SEEN.add(changes);
  return "in parts";
}

function keepFit(known: KnownMeta, changes: Changes): Fit {
  const fits = FITS.get(changes) ?? new WeakMap<KnownMeta, Fit>();
  const fit = newFit(known, changes);
  FITS.set(changes, fits.set(known, fit));
  return fit;
}

function newFit({ bytes }: KnownMeta, changes: Changes): Fit {
  const range = { start: 0, end: bytes.length };
  if (isEmptied(bytes, range, changes)) return "goes";
  return memberEdits(bytes, range, changes).length === 0 ? "stays" : "in parts";
}

function withMeta(members: Changes, meta: Changes): Changes {
  const made = objectOf(meta);
  return made === undefined ? members : { ...members, [META]: made };
}

const MADE = new WeakMap<Changes, readonly string[]>();

/** `_meta` as a member of its own, if anything is left for it. Many messages get the same. */
function memberOf(meta: Changes): readonly string[] {
  const known = MADE.get(meta);
  if (known !== undefined) return known;
  const object = objectOf(meta);
  const made = object === undefined ? NOTHING : [memberText(META, object)];
  MADE.set(meta, made);
  return made;
}

const NOTHING: readonly never[] = [];

/** Whoever put in all that is taken out now put in the object too: two proxies that cross there and back leave no trace. */
function isEmptied(bytes: Buffer, object: Range, changes: Changes): boolean {
  for (const key of Object.keys(changes)) if (changes[key] !== undefined) return false;
  const places = walked(bytes, object).places();
  for (let at = 0; at < places.length; at += PLACES) {
    if (!Object.hasOwn(changes, keyText(bytes, places[at] as number, places[at + 1] as number))) return false;
  }
  return places.length > 0;
}

/** What is left when it is put where nothing was. */
function objectOf(changes: Changes): string | undefined {
  const members = Object.entries(changes).flatMap(([key, text]) => (text === undefined ? [] : [memberText(key, text)]));
  return members.length === 0 ? undefined : `{${members.join(",")}}`;
}

/** Where it says so already, nothing is written. `more`: members that it has not, to stand at its end. */
function memberEdits(bytes: Buffer, object: Range, changes: Changes, more = NO_MEMBERS): readonly Edit[] {
  const keys = Object.keys(changes);
  const isAbsent = (key: string): boolean => changes[key] === undefined && !rangeAt(bytes, object, [key]);
  if (more.length === 0 && keys.every(isAbsent)) return NOTHING;
  const places = walked(bytes, object).places();
  const edits: Edit[] = [];
  let missing = keys;
  for (let at = 0; at < places.length; at += PLACES) {
    const key = keyAmong(keys, bytes, places, at);
    if (key === undefined) continue;
    const text = changes[key];
    if (text === undefined) return editsWithRemovals(bytes, object, places, changes, more);
    const range = { start: places[at + 2] as number, end: places[at + 3] as number };
    if (!isRawAt(bytes, range, text)) edits.push({ range, text });
    missing = missing.filter((one) => one !== key);
  }
  const isBehind = places.length > 0;
  const isAsBefore = isBehind && (missing === keys || missing.length === 0);
  const text = isAsBefore
    ? allBehind(missing === keys ? changes : NO_CHANGES, more)
    : joined(missing, changes, more, isBehind);
  if (text.length === 0) return edits;
  const end = places.at(-1) ?? object.start + 1;
  edits.push({ range: { start: end, end }, text });
  return edits;
}

const NO_MEMBERS: readonly string[] = NOTHING;

const NO_CHANGES: Changes = {};

interface Addition {
  readonly changes: Changes;
  readonly more: readonly string[];
  readonly bytes: Buffer;
}

/** Most results get the same. */
let lastAddition: Addition | undefined;

/** What comes behind other members where none of these stands yet. */
function allBehind(changes: Changes, more: readonly string[]): Buffer {
  if (lastAddition?.changes === changes && lastAddition.more === more) return lastAddition.bytes;
  const bytes = Buffer.from(joined(Object.keys(changes), changes, more, true));
  lastAddition = { changes, more, bytes };
  return bytes;
}

function joined(missing: readonly string[], changes: Changes, more: readonly string[], isBehind: boolean): string {
  const added = addedMembers(missing, changes, more);
  return added.length === 0 ? "" : (isBehind ? "," : "") + added.join(",");
}

/** Which of them the member at `at` has for its key. */
function keyAmong(keys: readonly string[], bytes: Buffer, places: readonly number[], at: number): string | undefined {
  const start = places[at] as number;
  const end = places[at + 1] as number;
  for (const key of keys) if (end - start === key.length && keyIs(bytes, start, end, key)) return key;
  // Of another length it can only be spelt otherwise.
  return isPlain(bytes, start, end) ? undefined : keys.find((key) => keyIs(bytes, start, end, key));
}

function addedMembers(missing: readonly string[], changes: Changes, more: readonly string[]): readonly string[] {
  if (missing.length === 0) return more;
  const added: string[] = [];
  for (const key of missing) {
    const text = changes[key];
    if (text !== undefined) added.push(memberText(key, text));
  }
  return [...added, ...more];
}

function editsWithRemovals(
  bytes: Buffer,
  object: Range,
  places: readonly number[],
  changes: Changes,
  more: readonly string[],
): readonly Edit[] {
  const keys = Object.keys(changes);
  const missing = new Set(keys);
  const items: SequenceItem[] = [];
  const edits: Edit[] = [];
  for (let at = 0; at < places.length; at += PLACES) {
    const key = keyAmong(keys, bytes, places, at);
    const text = key === undefined ? undefined : changes[key];
    const value = { start: places[at + 2] as number, end: places[at + 3] as number };
    const kind = key !== undefined && text === undefined ? "removed" : "kept";
    items.push({ kind, range: { start: (places[at] as number) - 1, end: value.end } });
    if (text !== undefined && !isRawAt(bytes, value, text)) edits.push({ range: value, text });
    if (key !== undefined) missing.delete(key);
  }
  for (const text of addedMembers([...missing], changes, more)) items.push({ kind: "added", text });
  return [...sequenceEdits(object, items), ...edits];
}

function memberText(key: string, text: string): string {
  return `${JSON.stringify(key)}:${text}`;
}

function additionOfParams(bytes: Buffer, changes: Changes): readonly Edit[] {
  const params = objectOf(changes);
  const end = bytes.lastIndexOf(CLOSE_OBJECT);
  return params === undefined ? NOTHING : [{ range: { start: end, end }, text: `,"params":${params}` }];
}
