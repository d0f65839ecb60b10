// JSON inside a policy: strict, with the exact place of what is wrong.
import type { JsonValue } from "../../mcp/json.ts";
import type { Code } from "../../source/codes.ts";
import { isItemLine, isLineEnd } from "./item-lines.ts";
import { misread, type Mistake, type Reading } from "./reading.ts";
import { hasHalfCharacter } from "./scan-text.ts";

/** `start` is at a `{` or `[`. */
export function scanJson(text: string, start: number): Reading {
  if (BLOCK.test(text.slice(start, start + LONGEST_START))) return block(start);
  const scan: Scan = { text, at: start, depth: 0, mistake: undefined };
  readValue(scan);
  if (scan.mistake !== undefined) return misread(closingOf(text, start, scan), scan.mistake);
  return { end: scan.at, payload: { kind: "json", value: parsed(text.slice(start, scan.at)) } };
}

/** `test "a" {`: braces around steps or clauses, as other languages have them. */
const BLOCK = /^\{\s*(?:#[^\n]*\n\s*)?(?:when|with|on|for|except|where|block|allow|set|log|given|send|push|expect)\s/;
const LONGEST_START = 200;

function block(start: number): Reading {
  const message = "`{` begins JSON, and no block";
  const help = "there are no braces around rules, tests and their parts: leave `{` and `}` out";
  return misread(start + 1, { code: "MR104", start, end: start + 1, message, help });
}

/** Deeper JSON than this stands in no policy; it bounds the recursion. */
const MAX_DEPTH = 64;

interface Scan {
  readonly text: string;
  at: number;
  depth: number;
  mistake: Mistake | undefined;
}

function parsed(json: string): JsonValue {
  return JSON.parse(json) as JsonValue;
}

/** Each reader leaves `at` behind what it read, or sets `mistake` and leaves it wherever it is. */
function readValue(scan: Scan): void {
  skipBlank(scan);
  const character = scan.text[scan.at];
  if (character === "{") readMembers(scan);
  else if (character === "[") readEntries(scan);
  else if (character === '"') readText(scan);
  else readScalar(scan);
}

function readMembers(scan: Scan): void {
  const keys = new Set<string>();
  readList(scan, "}", () => {
    const start = scan.at;
    if (scan.text[start] !== '"') return failAtKey(scan);
    const key = readText(scan);
    if (key !== undefined && keys.has(key)) fail(scan, "MR112", `the key \`${key}\` stands here twice`, start, scan.at);
    if (key !== undefined) keys.add(key);
    skipBlank(scan);
    if (scan.mistake !== undefined) return;
    if (scan.text[scan.at] !== ":") return fail(scan, "MR104", "a `:` is expected here");
    scan.at += 1;
    readValue(scan);
  });
}

function readEntries(scan: Scan): void {
  readList(scan, "]", () => readValue(scan));
}

function readList(scan: Scan, close: "}" | "]", readOne: () => void): void {
  scan.depth += 1;
  if (scan.depth > MAX_DEPTH) return fail(scan, "MR104", `JSON is nested more than ${String(MAX_DEPTH)} deep here`);
  scan.at += 1;
  skipBlank(scan);
  let isFirst = true;
  while (scan.text[scan.at] !== close) {
    if (!isFirst && !takeComma(scan, close)) return;
    isFirst = false;
    readOne();
    if (scan.mistake !== undefined) return;
    skipBlank(scan);
  }
  scan.at += 1;
  scan.depth -= 1;
}

function takeComma(scan: Scan, close: "}" | "]"): boolean {
  const comma = scan.at;
  if (scan.text[comma] !== ",") {
    fail(scan, "MR104", `a \`,\` or \`${close}\` is expected here`);
    return false;
  }
  scan.at += 1;
  skipBlank(scan);
  if (scan.text[scan.at] === close) fail(scan, "MR104", `JSON has no comma before \`${close}\``, comma, comma + 1);
  return scan.mistake === undefined;
}

/** JSON forbids the control characters below the blank only. */
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/uy;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[^\s"{}[\],:]+/y;

function readText(scan: Scan): string | undefined {
  const image = match(STRING, scan);
  if (image === undefined) {
    fail(scan, "MR104", "this text is not closed on its line, or holds an escape that JSON does not know");
    return undefined;
  }
  const value = parsed(image);
  if (typeof value !== "string") throw new Error(`no text: ${image}`);
  if (hasHalfCharacter(value))
    fail(scan, "MR103", "half a character: a surrogate without its partner", scan.at, scan.at + image.length);
  scan.at += image.length;
  return value;
}

function readScalar(scan: Scan): void {
  const word = match(WORD, scan) ?? "";
  if (word === "") return fail(scan, "MR104", "a JSON value is expected here");
  if (word === "true" || word === "false" || word === "null") {
    scan.at += word.length;
    return;
  }
  if (match(NUMBER, scan) !== word)
    return fail(scan, "MR104", `\`${word}\` is no JSON value`, scan.at, scan.at + word.length, quoteIt(word));
  if (!isExact(word))
    return fail(scan, "MR111", `\`${word}\` is too large to be kept exactly`, scan.at, scan.at + word.length);
  scan.at += word.length;
}

/** Integers beyond 2^53 change silently when they become a number, and 1e999 becomes infinite. */
export function isExact(number: string): boolean {
  const value = Number(number);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value) || /[.eE]/.test(number));
}

const DOUBLE_QUOTES = 'the quotes of JSON are double: `"`';

function failAtKey(scan: Scan): void {
  const help = scan.text[scan.at] === "'" ? DOUBLE_QUOTES : undefined;
  fail(scan, "MR104", "a key in double quotes is expected here", scan.at, scan.at + 1, help);
}

function quoteIt(word: string): string {
  if (word.startsWith("$")) return 'JSON holds no variables; write an expression: `({"key": $name})`';
  if (word.startsWith("'")) return DOUBLE_QUOTES;
  return `a text is quoted: "${word}"; alternatives of a pattern are joined by \`|\`, an expression stands in round brackets`;
}

function fail(scan: Scan, code: Code, message: string, start = scan.at, end = start + 1, help?: string): void {
  if (scan.mistake !== undefined) return;
  const stop = Math.min(end, Math.max(start, scan.text.length));
  scan.mistake = { code, start: Math.min(start, stop), end: stop, message, ...(help === undefined ? {} : { help }) };
}

function match(pattern: RegExp, scan: Scan): string | undefined {
  pattern.lastIndex = scan.at;
  return pattern.exec(scan.text)?.[0];
}

function skipBlank(scan: Scan): void {
  while (scan.at < scan.text.length && " \t\n\r".includes(scan.text[scan.at] ?? "x")) scan.at += 1;
}

/** The end of broken JSON: where its brackets close, or the next item starts. */
function closingOf(text: string, start: number, scan: Scan): number {
  const open: string[] = [];
  let at = start;
  while (at < text.length && !(isLineEnd(text[at]) && isItemLine(text, at + 1))) {
    const character = text[at];
    STRING.lastIndex = at;
    const skipped = character === '"' ? (STRING.exec(text)?.[0].length ?? 1) : 1;
    if (character === "{" || character === "[") open.push(character);
    if (character === "}" || character === "]") open.pop();
    at += skipped;
    if (open.length === 0) break;
  }
  const end = Math.max(at, start + 1);
  if (open.length > 0 && scan.mistake !== undefined) {
    scan.mistake = { code: "MR105", start, end: start + 1, message: `this \`${text[start] ?? "{"}\` is never closed` };
  }
  return end;
}
