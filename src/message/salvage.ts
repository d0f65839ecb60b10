// Finding the id in what is no message, or no longer whole, so that whoever waits for an answer gets one.
import { knownKeyAt, knownKeys } from "./json-bytes/known-keys.ts";
import {
  BROKEN,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  numberEnd,
  OPEN_OBJECT,
  provenValueEnd,
  QUOTE,
  spaceEnd,
  strictStringEnd,
} from "./json-bytes/scan.ts";

export interface Salvage {
  /** Raw JSON text of a number or a string. */
  readonly id: string | undefined;
  /** Whether it has a `method`, so that it wants an answer, or a `result` or `error`, so that it was to be one. */
  readonly form: "request" | "reply" | "unknown";
}

const TELLING = knownKeys(["id", "method", "result", "error"]);
const NOTHING: Salvage = { id: undefined, form: "unknown" };

/** As far as the end of a message shows them: the official SDK writes `jsonrpc` and `id` last. */
const LAST_MEMBERS = /[,{]\s*"id"\s*:\s*(-?\d+|"(?:[^"\\]|\\.)*")\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;
const TAIL = 1024;

/**
 * From the members at the top level, up to where the bytes make no sense any more; then from the last bytes. Of an id
 * that stands twice the last counts, as for JSON.parse.
 */
export function salvage(bytes: Buffer): Salvage {
  return salvageFrom(bytes, bytes);
}

/** Of a message whose middle is missing. */
export function salvageFrom(start: Buffer, end: Buffer): Salvage {
  const found = fromMembers(start);
  return found.id === undefined ? { id: fromLastBytes(end), form: found.form } : found;
}

function fromMembers(bytes: Buffer): Salvage {
  let { id, form } = NOTHING;
  let at = spaceEnd(bytes, 0);
  if (bytes[at] !== OPEN_OBJECT) return NOTHING;
  do {
    const key = spaceEnd(bytes, at + 1);
    const keyEnd = bytes[key] === QUOTE ? strictStringEnd(bytes, key + 1) : BROKEN;
    const colon = keyEnd === BROKEN ? bytes.length : spaceEnd(bytes, keyEnd);
    if (bytes[colon] !== COLON) break;
    const value = spaceEnd(bytes, colon + 1);
    const name = knownKeyAt(bytes, key + 1, keyEnd - 1, TELLING);
    if (name === "id") id = idAt(bytes, value) ?? id;
    else if (name !== undefined) form = name === "method" ? "request" : "reply";
    at = spaceEnd(bytes, provenValueEnd(bytes, value));
  } while (bytes[at] === COMMA);
  return { id, form };
}

/** A value that ends where the bytes end may have been longer. */
function idAt(bytes: Buffer, start: number): string | undefined {
  const end = bytes[start] === QUOTE ? strictStringEnd(bytes, start + 1) : numberEnd(bytes, start);
  if (end === BROKEN || end >= bytes.length) return undefined;
  const next = bytes[spaceEnd(bytes, end)];
  return next === COMMA || next === CLOSE_OBJECT ? bytes.toString("utf8", start, end) : undefined;
}

function fromLastBytes(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8", Math.max(0, bytes.length - TAIL));
  return LAST_MEMBERS.exec(text)?.[1];
}
