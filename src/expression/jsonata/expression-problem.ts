// What is wrong with a JSONata text, and where: the package says where a token ends, an author wants to see where it starts.
import { compileRegex } from "../regex/regex.ts";

export interface ExpressionProblem {
  /** UTF-16 offset in the source. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly help?: string;
}

/** Of what the package's parser threw. */
export function parseProblem(error: unknown, source: string): ExpressionProblem {
  const { code, position, token, message } = thrownFields(error);
  if (code === undefined) return regexProblemOf(message, source);
  const end = Math.min(position ?? source.length, source.length);
  if (POSITION_IS_START.has(code)) {
    return { offset: end, length: tokenLength(token), message: worded(code, message, token) };
  }
  const start = startOfToken(source, end, token);
  return { offset: start, length: Math.max(1, end - start), message: worded(code, message, token) };
}

/** Of a regex in the source that ends before `end`; `undefined`: it is fine. */
export function regexProblem(regex: RegExp, end: number, source: string): ExpressionProblem | undefined {
  const flags = regex.flags.replace("g", "");
  const compiled = compileRegex(regex.source, flags);
  if (compiled.kind === "regex") return undefined;
  const start = startOfRegex(regex, end - flags.length - 1, source);
  const written = source.slice(start + 1, end - flags.length - 1);
  const again = compileRegex(written, flags);
  const problem = again.kind === "problem" ? again : compiled;
  const offset = Math.min(start + 1 + problem.offset, end - 1);
  return { offset, length: Math.max(1, end - offset), message: problem.message };
}

interface Thrown {
  readonly code: string | undefined;
  readonly position: number | undefined;
  readonly token: unknown;
  readonly message: string;
}

function thrownFields(error: unknown): Thrown {
  const fields = typeof error === "object" && error !== null ? error : {};
  const code = "code" in fields && typeof fields.code === "string" ? fields.code : undefined;
  const position = "position" in fields && typeof fields.position === "number" ? fields.position : undefined;
  const message = "message" in fields ? String(fields.message) : String(error);
  return { code, position, token: "token" in fields ? fields.token : undefined, message };
}

/** Number out of range, bad escapes, an open comment: here the position is where it starts. */
const POSITION_IS_START: ReadonlySet<string> = new Set(["S0102", "S0103", "S0104", "S0106"]);

const WORDS: Readonly<Record<string, string>> = {
  S0104: "`\\u` wants four hex digits",
  S0101: "a string without its closing quote",
  S0105: "a quoted name without its closing backquote",
  S0106: "a comment without its `*/`",
  S0207: "something is missing at the end",
  S0301: "an empty regex",
  S0302: "a regex without its closing `/`",
};

function worded(code: string, message: string, token: unknown): string {
  const known = WORDS[code];
  if (known !== undefined) return known;
  if (token === "(end)") return "the expression ends too early";
  if (code === "S0201") return `\`${String(token)}\` cannot stand here`;
  if (code === "S0103") return `there is no escape \`\\${String(token)}\``;
  if (code === "S0211") return `something is missing before \`${String(token)}\``;
  return lowerFirst(message.replaceAll(/"((?:[^"\\]|\\.)*)"/g, "`$1`"));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function tokenLength(token: unknown): number {
  return Math.max(1, typeof token === "string" ? token.length : 1);
}

/** Where the token that ends at `end` starts, as it was written. */
function startOfToken(source: string, end: number, token: unknown): number {
  const before = source.slice(0, end);
  const quote = before.at(-1);
  if (token !== quote && (quote === '"' || quote === "'" || quote === "`")) {
    return Math.max(0, before.slice(0, -1).lastIndexOf(quote));
  }
  const length = typeof token === "string" && before.endsWith(token) ? token.length : undefined;
  if (length !== undefined && length > 0) return end - length - (before.at(-length - 1) === "$" ? 1 : 0);
  return end - (/[\w$]+$/.exec(before)?.[0].length ?? Math.min(1, end));
}

/** `Invalid regular expression: /(/g: Unterminated group`: the package does not say where it stands. */
function regexProblemOf(message: string, source: string): ExpressionProblem {
  const pattern = /^Invalid regular expression: \/(.*)\/[a-z]*: /s.exec(message)?.[1];
  const start = pattern === undefined ? -1 : source.indexOf(`/${pattern}/`);
  if (pattern === undefined || start < 0) return { offset: 0, length: source.length, message: lowerFirst(message) };
  const compiled = compileRegex(pattern, "");
  const problem = compiled.kind === "problem" ? compiled : { message: lowerFirst(message), offset: 0 };
  const offset = start + 1 + Math.min(problem.offset, pattern.length - 1);
  return { offset, length: start + 1 + pattern.length - offset, message: problem.message };
}

/** The `/` that opens the regex whose closing one stands at `end`. */
function startOfRegex(regex: RegExp, end: number, source: string): number {
  for (let start = source.lastIndexOf("/", end - 1); start >= 0; start = source.lastIndexOf("/", start - 1)) {
    if (isSameSource(source.slice(start + 1, end), regex)) return start;
    if (start === 0) break;
  }
  return Math.max(0, end - regex.source.length - 1);
}

function isSameSource(written: string, regex: RegExp): boolean {
  try {
    return written !== "" && new RegExp(written, regex.flags).source === regex.source;
  } catch {
    return false;
  }
}
