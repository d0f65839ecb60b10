// Where the members of a message stand, found while the message is proven: the first half of reading an envelope.
import { fieldsOf, type FieldTree } from "../mcp/fields.ts";
import { allMethods } from "../mcp/methods.ts";
import { knownMetaAt } from "./eras/known-meta.ts";
import { knownIndexAt, knownKeys, NONE, variantAt, type KnownKeys } from "./json-bytes/known-keys.ts";
import { Members } from "./members.ts";
import { misspeltField } from "./misspelt-field.ts";
import type { Proof } from "./json-bytes/proof.ts";
import { BROKEN, CLOSE_OBJECT, COMMA, OPEN_OBJECT, QUOTE, spaceEnd } from "./json-bytes/scan.ts";

export const ABSENT = -1;

const [ID, METHOD, PARAMS, RESULT, ERROR] = [0, 1, 2, 3, 4];
const MEMBERS = knownKeys(["id", "method", "params", "result", "error", "jsonrpc"]);
const METHODS = knownKeys(allMethods().map((facts) => facts.method));

/** The keys of `params`, by the index of the method in `METHODS`. */
const PARAMS_OF_METHODS = METHODS.names.map((method) => paramsOf(fieldsOf(method, "request")));

interface KnownParams {
  readonly keys: KnownKeys;
  /** By the index of the key: what is known of its value, if there is anything to look at. */
  readonly fields: readonly (FieldTree | undefined)[];
  /** Which of them is `_meta`. */
  readonly meta: number;
}

/** Byte offsets, `ABSENT` where there is none. One object a message, and no range for what nobody asks for. */
export class TopLevel {
  idStart = ABSENT;
  idEnd = ABSENT;
  methodStart = ABSENT;
  methodEnd = ABSENT;
  paramsStart = ABSENT;
  paramsEnd = ABSENT;
  resultStart = ABSENT;
  resultEnd = ABSENT;
  errorStart = ABSENT;
  errorEnd = ABSENT;
  versionStart = ABSENT;
  versionEnd = ABSENT;
  /** Of the method among MCP's; `NONE` when it is another, or there is none. */
  methodIndex = NONE;
  /** There is a member that JSON-RPC does not know. */
  hasStrangers = false;
  /** A field that some key could be taken for, by a parser that does not mind case: it would see another message than we do. */
  variantOf: string | undefined;
  /** `params` came after `method`, so that its keys were compared while they were read: where its known members stand. */
  params: Members | undefined;
}

/** `undefined`: it is no sound JSON object, and `proof` says why. */
export function readTopLevel(bytes: Buffer, start: number, proof: Proof): TopLevel | undefined {
  const found = new TopLevel();
  if (!proof.enterObject(start)) return undefined;
  let at = spaceEnd(bytes, start + 1);
  if (bytes[at] !== CLOSE_OBJECT) at = readMembers(bytes, at, proof, found);
  return at !== BROKEN && proof.endsAfter(at) ? found : undefined;
}

/** MCP's own methods are not decoded: one string of each is enough. */
export function knownMethod(found: TopLevel): string | undefined {
  return METHODS.names[found.methodIndex];
}

/** `start` is at the first key; ends at the closing brace. */
function readMembers(bytes: Buffer, start: number, proof: Proof, found: TopLevel): number {
  let at = start;
  let seen = 0;
  for (;;) {
    const keyEnd = proof.keyEnd(at);
    const value = keyEnd === BROKEN ? BROKEN : proof.colonEnd(keyEnd);
    if (value === BROKEN) return BROKEN;
    const index = knownIndexAt(bytes, at + 1, keyEnd - 1, MEMBERS);
    if (index === NONE) {
      found.hasStrangers = true;
      found.variantOf ??= variantAt(bytes, at + 1, keyEnd - 1, MEMBERS);
      if (!proof.once(at)) return BROKEN;
    } else if ((seen & (1 << index)) !== 0) return proof.duplicate(at);
    else seen |= 1 << index;
    const end = valueEnd(bytes, value, index, proof, found);
    if (end === BROKEN) return BROKEN;
    if (index !== NONE) note(bytes, index, value, end, found);
    at = spaceEnd(bytes, end);
    if (bytes[at] !== COMMA) return at;
    at = spaceEnd(bytes, at + 1);
  }
}

function valueEnd(bytes: Buffer, start: number, index: number, proof: Proof, found: TopLevel): number {
  if (index === RESULT || index === ERROR) return proof.valueEnd(start, false);
  const params = index === PARAMS && bytes[start] === OPEN_OBJECT ? PARAMS_OF_METHODS[found.methodIndex] : undefined;
  if (params === undefined) return proof.valueEnd(start, true);
  found.params = new Members(bytes, params.keys, proof.depth);
  return paramsEnd(bytes, start, params, proof, found, found.params);
}

/** As `proof.valueEnd`, and compares the keys with those MCP knows on the way, and notes where their values stand. */
function paramsEnd(
  bytes: Buffer,
  start: number,
  params: KnownParams,
  proof: Proof,
  found: TopLevel,
  members: Members,
): number {
  if (!proof.enterObject(start)) return BROKEN;
  let at = spaceEnd(bytes, start + 1);
  let seen = 0;
  let behind = 0;
  if (bytes[at] === CLOSE_OBJECT) return proof.leave(at);
  for (;;) {
    const keyEnd = proof.keyEnd(at);
    const value = keyEnd === BROKEN ? BROKEN : proof.colonEnd(keyEnd);
    if (value === BROKEN) return BROKEN;
    const index = knownIndexAt(bytes, at + 1, keyEnd - 1, params.keys);
    if (index === NONE) {
      found.variantOf ??= variantAt(bytes, at + 1, keyEnd - 1, params.keys);
      if (!proof.once(at)) return BROKEN;
    } else if ((seen & (1 << index)) !== 0) return proof.duplicate(at);
    else seen |= 1 << index;
    const known = index === params.meta ? knownMetaAt(bytes, value, proof.depth) : undefined;
    const end = known === undefined ? proof.valueEnd(value, true) : value + known.bytes.length;
    if (end === BROKEN) return BROKEN;
    if (index !== NONE) members.note(index, value, end);
    const fields = known === undefined ? params.fields[index] : undefined;
    if (known !== undefined) members.noteMeta(known, value, behind);
    else if (fields !== undefined) found.variantOf ??= misspeltField(bytes, { start: value, end }, fields);
    at = spaceEnd(bytes, end);
    if (bytes[at] !== COMMA) return proof.leave(at);
    behind = end;
    at = spaceEnd(bytes, at + 1);
  }
}

function note(bytes: Buffer, index: number, start: number, end: number, found: TopLevel): void {
  if (index === ID) {
    found.idStart = start;
    found.idEnd = end;
  } else if (index === METHOD) {
    found.methodStart = start;
    found.methodEnd = end;
    if (bytes[start] === QUOTE) found.methodIndex = knownIndexAt(bytes, start + 1, end - 1, METHODS);
  } else if (index === PARAMS) {
    found.paramsStart = start;
    found.paramsEnd = end;
  } else if (index === RESULT) {
    found.resultStart = start;
    found.resultEnd = end;
  } else if (index === ERROR) {
    found.errorStart = start;
    found.errorEnd = end;
  } else {
    found.versionStart = start;
    found.versionEnd = end;
  }
}

function paramsOf(fields: FieldTree | undefined): KnownParams | undefined {
  if (fields?.members === undefined) return undefined;
  const isDeep = ({ kind }: FieldTree) => kind !== "scalar" && kind !== "any";
  const keys = knownKeys([...fields.members.keys()]);
  return {
    keys,
    meta: keys.names.indexOf("_meta"),
    fields: Array.from(fields.members.values(), (member) => (isDeep(member) ? member : undefined)),
  };
}
