// What a message is - request, notification, result or error - proven from its bytes without parsing its body.
import { fieldsOf } from "../mcp/fields.ts";
import { allMethods } from "../mcp/methods.ts";
import { knownKeyAt, knownKeys, variantAt } from "./known-keys.ts";
import { rawAt, textAt } from "./locate.ts";
import { misspeltField } from "./misspelt-field.ts";
import { Proof, type Flaw } from "./proof.ts";
import type { Range } from "./range.ts";
import { salvage, salvageFrom, type Salvage } from "./salvage.ts";
import { BROKEN, CLOSE_LIST, CLOSE_OBJECT, COMMA, OPEN_LIST, OPEN_OBJECT, QUOTE, sameBytes, spaceEnd } from "./scan.ts";
import { decodesAsUtf8, type Utf8Check } from "./utf8.ts";

export interface EnvelopeLimits {
  /** Objects and lists inside each other; the message itself is the first. */
  readonly depth: number;
  readonly isUtf8?: Utf8Check | undefined;
}

interface Common {
  readonly bytes: Buffer;
}

export interface RequestEnvelope extends Common {
  readonly kind: "request";
  /** The raw JSON text: `1` and `"1"` differ. */
  readonly id: string;
  readonly idRange: Range;
  readonly method: string;
  readonly params: Range | undefined;
  readonly result: undefined;
  readonly error: undefined;
}

export interface NotificationEnvelope extends Common {
  readonly kind: "notification";
  readonly id: undefined;
  readonly idRange: undefined;
  readonly method: string;
  readonly params: Range | undefined;
  readonly result: undefined;
  readonly error: undefined;
}

export interface ResultEnvelope extends Common {
  readonly kind: "result";
  readonly id: string;
  readonly idRange: Range;
  readonly method: undefined;
  readonly params: undefined;
  readonly result: Range;
  readonly error: undefined;
}

export interface ErrorEnvelope extends Common {
  readonly kind: "error";
  /** Absent (or `null`, then `idRange` stands): the sender could not tell which request it answers. */
  readonly id: string | undefined;
  readonly idRange: Range | undefined;
  readonly method: undefined;
  readonly params: undefined;
  readonly result: undefined;
  readonly error: Range;
}

export type Envelope = RequestEnvelope | NotificationEnvelope | ResultEnvelope | ErrorEnvelope;

/** A JSON array of messages (2025-03-26). The entries are not yet proven to be messages: read each. */
export interface Batch {
  readonly kind: "batch";
  readonly entries: readonly Buffer[];
}

export interface Malformed extends Salvage {
  readonly kind: "malformed";
  readonly code: -32700 | -32600;
  /** For people, one clause. */
  readonly reason: string;
}

/**
 * Proves: UTF-8; JSON; depth; one each of `jsonrpc`, `id`, `method`, `params`, `result`, `error`, none of them spelt in
 * another case; that it is one kind of message and no other; and, but for `result` and `error`, that no object has a
 * key twice. Of a request and a notification also: no field of its method is spelt in another case.
 */
export function readEnvelope(bytes: Buffer, limits: EnvelopeLimits): Envelope | Batch | Malformed {
  const isUtf8 = limits.isUtf8 ?? decodesAsUtf8;
  if (!isUtf8(bytes)) return malformed(bytes, -32700, "it is not UTF-8");
  const proof = new Proof(bytes, limits.depth);
  const start = spaceEnd(bytes, 0);
  if (bytes[start] === OPEN_LIST) return readBatch(bytes, start, proof);
  const members = readMembers(bytes, start, proof);
  if (members.variantOf !== undefined) return misspelt(bytes, members.variantOf);
  return members.isWhole ? classify(bytes, members) : malformedBy(bytes, proof.flaw);
}

/** The id of a message of which only the first and last bytes were kept; `form` as far as they tell. */
export function readOversize(start: Buffer, end: Buffer): Salvage {
  return salvageFrom(start, end);
}

/** What stands at the top level. Filled while it is walked over. */
interface Members {
  jsonrpc: Range | undefined;
  id: Range | undefined;
  method: Range | undefined;
  params: Range | undefined;
  result: Range | undefined;
  error: Range | undefined;
  isWhole: boolean;
  /** The member that another key could be taken for. */
  variantOf: string | undefined;
}

const MEMBERS = knownKeys(["id", "method", "params", "result", "error", "jsonrpc"]);

const METHODS = knownKeys(allMethods().map((facts) => facts.method));
const VERSION_2 = Buffer.from('"2.0"');

function readMembers(bytes: Buffer, start: number, proof: Proof): Members {
  const members: Members = {
    jsonrpc: undefined,
    id: undefined,
    method: undefined,
    params: undefined,
    result: undefined,
    error: undefined,
    isWhole: false,
    variantOf: undefined,
  };
  if (!proof.enterObject(start)) return members;
  let at = spaceEnd(bytes, start + 1);
  if (bytes[at] !== CLOSE_OBJECT) at = readEachMember(bytes, at, proof, members);
  members.isWhole = at !== BROKEN && proof.endsAfter(at);
  return members;
}

/** `start` is at the first key; ends at the closing brace. */
function readEachMember(bytes: Buffer, start: number, proof: Proof, members: Members): number {
  let at = start;
  for (;;) {
    const keyEnd = proof.keyEnd(at);
    const value = keyEnd === BROKEN ? BROKEN : proof.colonEnd(keyEnd);
    if (value === BROKEN) return BROKEN;
    const name = knownKeyAt(bytes, at + 1, keyEnd - 1, MEMBERS);
    const isNew = name === undefined ? isOther(bytes, at, keyEnd, proof, members) : members[name] === undefined;
    if (!isNew) return proof.duplicate(at);
    const end = proof.valueEnd(value, name !== "result" && name !== "error");
    if (end === BROKEN) return BROKEN;
    if (name !== undefined) members[name] = { start: value, end };
    at = spaceEnd(bytes, end);
    if (bytes[at] !== COMMA) return at;
    at = spaceEnd(bytes, at + 1);
  }
}

/** Notes a key that a parser which does not mind case would take for a real one: it would see another message than we do. */
function isOther(bytes: Buffer, start: number, end: number, proof: Proof, members: Members): boolean {
  members.variantOf ??= variantAt(bytes, start + 1, end - 1, MEMBERS);
  return proof.once(start);
}

function classify(bytes: Buffer, members: Members): Envelope | Malformed {
  if (!isVersion2(bytes, members.jsonrpc)) return malformed(bytes, -32600, '`jsonrpc` is not "2.0"');
  if (members.method !== undefined) return asCall(bytes, members, members.method);
  if (members.params !== undefined) return malformed(bytes, -32600, "it has `params` but no `method`");
  if (members.result !== undefined && members.error !== undefined) {
    return malformed(bytes, -32600, "it has both `result` and `error`");
  }
  if (members.result !== undefined) return asResult(bytes, members, members.result);
  if (members.error !== undefined) return asError(bytes, members, members.error);
  return malformed(bytes, -32600, "it has no `method`, `result` or `error`");
}

function asCall(bytes: Buffer, members: Members, methodRange: Range): Envelope | Malformed {
  const { id: idRange, params } = members;
  const method = methodAt(bytes, methodRange);
  if (method === undefined) return malformed(bytes, -32600, "`method` is not a string");
  if (members.result !== undefined || members.error !== undefined) {
    return malformed(bytes, -32600, "it has a `method` and an outcome");
  }
  if (params !== undefined && bytes[params.start] !== OPEN_OBJECT) {
    return malformed(bytes, -32600, "`params` is not an object");
  }
  const fields = params && fieldsOf(method, "request");
  const variantOf = fields && misspeltField(bytes, params, fields);
  if (variantOf !== undefined) return misspelt(bytes, variantOf);
  const call = { bytes, method, params, result: undefined, error: undefined };
  if (idRange === undefined) return { kind: "notification", id: undefined, idRange: undefined, ...call };
  const id = idAt(bytes, idRange);
  return id === undefined ? wrongId(bytes) : { kind: "request", id, idRange, ...call };
}

function asResult(bytes: Buffer, members: Members, result: Range): Envelope | Malformed {
  const idRange = members.id;
  const id = idRange && idAt(bytes, idRange);
  if (id === undefined || idRange === undefined) return wrongId(bytes);
  if (bytes[result.start] !== OPEN_OBJECT) return malformed(bytes, -32600, "`result` is not an object");
  return { kind: "result", bytes, id, idRange, method: undefined, params: undefined, result, error: undefined };
}

function asError(bytes: Buffer, members: Members, error: Range): Envelope | Malformed {
  const idRange = members.id;
  const id = idRange && idAt(bytes, idRange);
  if (idRange !== undefined && id === undefined && bytes[idRange.start] !== 0x6e) return wrongId(bytes);
  if (bytes[error.start] !== OPEN_OBJECT) return malformed(bytes, -32600, "`error` is not an object");
  return { kind: "error", bytes, id, idRange, method: undefined, params: undefined, result: undefined, error };
}

function isVersion2(bytes: Buffer, range: Range | undefined): boolean {
  if (range === undefined) return false;
  return sameBytes(bytes, range.start, range.end, VERSION_2) || textAt(bytes, range) === "2.0";
}

/** MCP's own are not decoded: one string of each is enough. */
function methodAt(bytes: Buffer, range: Range): string | undefined {
  if (bytes[range.start] !== QUOTE) return undefined;
  return knownKeyAt(bytes, range.start + 1, range.end - 1, METHODS) ?? textAt(bytes, range);
}

/** Raw text of a string or a number, whatever its spelling; `undefined`: it is neither. */
function idAt(bytes: Buffer, range: Range): string | undefined {
  const first = bytes[range.start] as number;
  const isScalar = first === QUOTE || first === 0x2d || (first >= 0x30 && first <= 0x39);
  return isScalar ? rawAt(bytes, range) : undefined;
}

function misspelt(bytes: Buffer, name: string): Malformed {
  return malformed(bytes, -32600, `a key could be taken for \`${name}\`, which is spelt otherwise`);
}

function wrongId(bytes: Buffer): Malformed {
  return malformed(bytes, -32600, "`id` is neither a string nor a number");
}

function readBatch(bytes: Buffer, start: number, proof: Proof): Batch | Malformed {
  const entries: Buffer[] = [];
  if (!proof.enterList(start)) return malformedBy(bytes, proof.flaw);
  let at = spaceEnd(bytes, start + 1);
  if (bytes[at] === CLOSE_LIST) return malformed(bytes, -32600, "the batch is empty");
  for (;;) {
    const end = proof.valueEnd(at, false);
    if (end === BROKEN) return malformedBy(bytes, proof.flaw);
    entries.push(bytes.subarray(at, end));
    at = spaceEnd(bytes, end);
    if (bytes[at] !== COMMA) break;
    at = spaceEnd(bytes, at + 1);
  }
  return proof.endsAfter(at) ? { kind: "batch", entries } : malformedBy(bytes, proof.flaw);
}

function malformedBy(bytes: Buffer, flaw: Flaw | undefined): Malformed {
  switch (flaw?.kind) {
    case "duplicate-key":
      return malformed(bytes, -32600, `the key ${JSON.stringify(flaw.key)} stands twice in one object`);
    case "depth":
      return malformed(bytes, -32600, "it is nested too deep");
    case "grammar":
      return malformed(bytes, -32700, `it is not JSON at byte ${flaw.at}`);
    case undefined:
      return malformed(bytes, -32700, "it is not JSON");
  }
}

function malformed(bytes: Buffer, code: Malformed["code"], reason: string): Malformed {
  const { id, form } = salvage(bytes);
  return { kind: "malformed", code, reason, id, form };
}
