// What a message is - request, notification, result or error - proven from its bytes without parsing its body.
import { INVALID_REQUEST, PARSE_ERROR } from "../mcp/errors.ts";
import { fieldsOf } from "../mcp/fields.ts";
import { rawAt, textAt } from "./locate.ts";
import { misspeltField } from "./misspelt-field.ts";
import { Proof, type Flaw } from "./json-bytes/proof.ts";
import type { Range } from "./json-bytes/range.ts";
import { salvage, salvageFrom, type Salvage } from "./salvage.ts";
import { BROKEN, CLOSE_LIST, COMMA, OPEN_LIST, OPEN_OBJECT, QUOTE, sameBytes, spaceEnd } from "./json-bytes/scan.ts";
import { ABSENT, knownMethod, readTopLevel, type TopLevel } from "./top-level.ts";
import { digitsText } from "./json-bytes/short-text.ts";
import { WalkedObject } from "./json-bytes/walked-object.ts";
import { decodesAsUtf8, type Utf8Check } from "./json-bytes/utf8.ts";

export interface EnvelopeLimits {
  /** Objects and lists inside each other; the message itself is the first. */
  readonly depth: number;
  readonly isUtf8?: Utf8Check | undefined;
}

interface Common {
  readonly bytes: Buffer;
  /** It has members that JSON-RPC does not know, beside its own. */
  readonly hasStrangers: boolean;
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
  readonly bytes: Buffer;
  readonly code: typeof PARSE_ERROR | typeof INVALID_REQUEST;
  /** For people, one clause. */
  readonly reason: string;
}

/**
 * Proves: UTF-8; JSON; depth; one each of `jsonrpc`, `id`, `method`, `params`, `result`, `error`, none of them spelt in
 * another case; that it is one kind of message and no other; and, but for `result` and `error`, that no object has a
 * key twice. Of a request and a notification also: no field of its method is spelt in another case. `utf8To`: up to
 * here somebody has proven before that it is UTF-8, in whole characters.
 */
export function readEnvelope(bytes: Buffer, limits: EnvelopeLimits, utf8To = 0): Envelope | Batch | Malformed {
  const isUtf8 = limits.isUtf8 ?? decodesAsUtf8;
  if (utf8To < bytes.length && !isUtf8(utf8To === 0 ? bytes : bytes.subarray(utf8To)))
    return malformed(bytes, PARSE_ERROR, "it is not UTF-8");
  const proof = new Proof(bytes, limits.depth);
  const start = spaceEnd(bytes, 0);
  if (bytes[start] === OPEN_LIST) return readBatch(bytes, start, proof);
  const found = readTopLevel(bytes, start, proof);
  return found === undefined ? noMessage(bytes, start, limits.depth, proof.flaw) : classify(bytes, found);
}

/** The id of a message of which only the first and last bytes were kept; `form` as far as they tell. */
export function readOversize(start: Buffer, end: Buffer): Salvage {
  return salvageFrom(start, end);
}

const VERSION_2 = Buffer.from('"2.0"');
const MINUS = 0x2d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
/** Begins `null`. */
const SMALL_N = 0x6e;

function classify(bytes: Buffer, found: TopLevel): Envelope | Malformed {
  const fault = faultOf(bytes, found);
  if (fault !== undefined) return malformed(bytes, INVALID_REQUEST, fault);
  if (found.methodStart !== ABSENT) return asCall(bytes, found);
  return found.resultStart === ABSENT ? asError(bytes, found) : asResult(bytes, found);
}

/** What makes it no message, or two at once. */
function faultOf(bytes: Buffer, found: TopLevel): string | undefined {
  if (found.variantOf !== undefined) return misspelling(found.variantOf);
  if (!isVersion2(bytes, found)) return '`jsonrpc` is not "2.0"';
  const hasResult = found.resultStart !== ABSENT;
  const hasError = found.errorStart !== ABSENT;
  if (found.methodStart !== ABSENT) {
    if (hasResult || hasError) return "it has a `method` and an outcome";
    if (found.paramsStart !== ABSENT && bytes[found.paramsStart] !== OPEN_OBJECT) return "`params` is not an object";
    return undefined;
  }
  if (found.paramsStart !== ABSENT) return "it has `params` but no `method`";
  if (hasResult && hasError) return "it has both `result` and `error`";
  if (hasResult && bytes[found.resultStart] !== OPEN_OBJECT) return "`result` is not an object";
  if (hasError && bytes[found.errorStart] !== OPEN_OBJECT) return "`error` is not an object";
  return hasResult || hasError ? undefined : "it has no `method`, `result` or `error`";
}

function asCall(bytes: Buffer, found: TopLevel): Envelope | Malformed {
  const method = knownMethod(found) ?? textAt(bytes, { start: found.methodStart, end: found.methodEnd });
  if (method === undefined) return malformed(bytes, INVALID_REQUEST, "`method` is not a string");
  const params = paramsOf(bytes, found);
  const fields = params === undefined || params === found.params ? undefined : fieldsOf(method, "request");
  const variantOf = params && fields && misspeltField(bytes, params, fields);
  if (variantOf !== undefined) return malformed(bytes, INVALID_REQUEST, misspelling(variantOf));
  const idRange = rangeOf(found.idStart, found.idEnd);
  const id = idRange && idAt(bytes, idRange);
  const [result, error] = [undefined, undefined];
  const { hasStrangers } = found;
  if (idRange === undefined)
    return { kind: "notification", bytes, hasStrangers, id: undefined, idRange, method, params, result, error };
  if (id === undefined) return wrongId(bytes);
  return { kind: "request", bytes, hasStrangers, id, idRange, method, params, result, error };
}

function asResult(bytes: Buffer, found: TopLevel): Envelope | Malformed {
  const idRange = rangeOf(found.idStart, found.idEnd);
  const id = idRange && idAt(bytes, idRange);
  if (id === undefined || idRange === undefined) return wrongId(bytes);
  const result = new WalkedObject(bytes, found.resultStart, found.resultEnd);
  const [method, params] = [undefined, undefined];
  return {
    kind: "result",
    bytes,
    hasStrangers: found.hasStrangers,
    id,
    idRange,
    method,
    params,
    result,
    error: undefined,
  };
}

function asError(bytes: Buffer, found: TopLevel): Envelope | Malformed {
  const idRange = rangeOf(found.idStart, found.idEnd);
  const id = idRange && idAt(bytes, idRange);
  if (idRange !== undefined && id === undefined && bytes[idRange.start] !== SMALL_N) return wrongId(bytes);
  const error = { start: found.errorStart, end: found.errorEnd };
  const [method, params] = [undefined, undefined];
  return {
    kind: "error",
    bytes,
    hasStrangers: found.hasStrangers,
    id,
    idRange,
    method,
    params,
    result: undefined,
    error,
  };
}

function paramsOf(bytes: Buffer, { params, paramsStart, paramsEnd }: TopLevel): Range | undefined {
  if (paramsStart === ABSENT) return undefined;
  if (params === undefined) return new WalkedObject(bytes, paramsStart, paramsEnd);
  params.start = paramsStart;
  params.end = paramsEnd;
  return params;
}

function rangeOf(start: number, end: number): Range | undefined {
  return start === ABSENT ? undefined : { start, end };
}

function isVersion2(bytes: Buffer, { versionStart: start, versionEnd: end }: TopLevel): boolean {
  if (start === ABSENT) return false;
  return sameBytes(bytes, start, end, VERSION_2) || textAt(bytes, { start, end }) === "2.0";
}

/** Raw text of a string or a number, whatever its spelling; `undefined`: it is neither. */
function idAt(bytes: Buffer, range: Range): string | undefined {
  const first = bytes[range.start] as number;
  const isScalar = first === QUOTE || first === MINUS || (first >= DIGIT_0 && first <= DIGIT_9);
  return isScalar ? (digitsText(bytes, range.start, range.end) ?? rawAt(bytes, range)) : undefined;
}

function misspelling(field: string): string {
  return `a key could be taken for \`${field}\`, which is spelt otherwise`;
}

function wrongId(bytes: Buffer): Malformed {
  return malformed(bytes, INVALID_REQUEST, "`id` is neither a string nor a number");
}

function readBatch(bytes: Buffer, start: number, proof: Proof): Batch | Malformed {
  const entries: Buffer[] = [];
  if (!proof.enterList(start)) return malformedBy(bytes, proof.flaw);
  let at = spaceEnd(bytes, start + 1);
  if (bytes[at] === CLOSE_LIST) return malformed(bytes, INVALID_REQUEST, "the batch is empty");
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

function noMessage(bytes: Buffer, start: number, depth: number, flaw: Proof["flaw"]): Malformed {
  return isOtherJson(bytes, start, depth)
    ? malformed(bytes, INVALID_REQUEST, "it is JSON, but no message of JSON-RPC")
    : malformedBy(bytes, flaw);
}

/** A text, a number, `true`, `false` or `null`, and nothing else. */
function isOtherJson(bytes: Buffer, start: number, depth: number): boolean {
  if (start === bytes.length || bytes[start] === OPEN_OBJECT) return false;
  const end = new Proof(bytes, depth).valueEnd(start, true);
  return end !== BROKEN && spaceEnd(bytes, end) === bytes.length;
}

function malformedBy(bytes: Buffer, flaw: Flaw | undefined): Malformed {
  switch (flaw?.kind) {
    case "duplicate-key":
      return malformed(bytes, INVALID_REQUEST, `the key ${JSON.stringify(flaw.key)} stands twice in one object`);
    case "depth":
      return malformed(bytes, INVALID_REQUEST, "it is nested too deep");
    case "grammar":
      return malformed(bytes, PARSE_ERROR, `it is not JSON at byte ${flaw.at}`);
    case undefined:
      return malformed(bytes, PARSE_ERROR, "it is not JSON");
  }
}

function malformed(bytes: Buffer, code: Malformed["code"], reason: string): Malformed {
  const { id, form } = salvage(bytes);
  return { kind: "malformed", bytes, code, reason, id, form };
}
