// Texts in quotes: `"…"` on one line with JSON's escapes, `"""…"""` raw over several lines.
import { endOfLine, nextItemLine } from "./item-lines.ts";
import { misread, type Mistake, type Reading } from "./reading.ts";

/** `start` is at the first quote. */
export function scanText(text: string, start: number): Reading {
  return text.startsWith('"""', start) ? scanRawText(text, start) : scanLineText(text, start);
}

/** A surrogate without its partner, which no UTF-8 can carry. */
export function hasHalfCharacter(value: string): boolean {
  return /\p{Surrogate}/u.test(value);
}

/** An escape, a run of ordinary characters, or one that stands alone. */
const PIECE = /\\u[0-9A-Fa-f]{4}|\\["\\/bfnrt]|[^"\\\r\n]+|[^\r\n]/y;

function scanLineText(text: string, start: number): Reading {
  const mistakes: Mistake[] = [];
  let at = start + 1;
  while (text[at] !== '"') {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(text)?.[0];
    if (piece === undefined) return unclosedText(text, start);
    if (piece === "\\") mistakes.push(badEscape(text, at));
    at += piece === "\\" ? 2 : piece.length;
  }
  const end = at + 1;
  if (mistakes.length > 0) return { end, payload: { kind: "mistake", mistakes } };
  const value = unescape(text.slice(start + 1, at));
  if (!hasHalfCharacter(value)) return { end, payload: { kind: "text", value } };
  return misread(end, { code: "MR103", start, end, message: "half a character: a surrogate without its partner" });
}

const SINGLE: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function unescape(body: string): string {
  return body.replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/g, (_all, hex: string | undefined, single: string) =>
    hex === undefined ? (SINGLE[single] ?? single) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function badEscape(text: string, at: number): Mistake {
  const escape = text.slice(at, at + 2);
  const known = 'write `\\\\` for a backslash; known are \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX';
  const meant = /^\\[wdsb][+*?{]/i.test(text.slice(at, at + 3))
    ? "; a regular expression stands between slashes: `/…/`"
    : "";
  return {
    code: "MR103",
    start: at,
    end: at + escape.length,
    message: `\`${escape}\` is no escape of a text`,
    help: escape === "\\u" ? "four hexadecimal digits follow `\\u`" : `${known}${meant}`,
  };
}

function unclosedText(text: string, start: number): Reading {
  const end = endOfLine(text, start);
  return misread(end, {
    code: "MR102",
    start,
    end: start + 1,
    message: "this text is not closed on its line",
    help: 'end it with `"`; a text over several lines stands between `"""` and `"""`',
  });
}

function scanRawText(text: string, start: number): Reading {
  const close = text.indexOf('"""', start + 3);
  if (close !== -1) return { end: close + 3, payload: { kind: "text", value: dedent(text.slice(start + 3, close)) } };
  return misread(nextItemLine(text, start), {
    code: "MR102",
    start,
    end: start + 3,
    message: 'this text is never closed: a second `"""` is missing',
  });
}

/** A blank first and a blank last line are dropped, and the indentation that all lines but the first have in common. */
function dedent(raw: string): string {
  const [first = "", ...rest] = raw.replace(/\r\n?/g, "\n").split("\n");
  const kept = rest.at(-1)?.trim() === "" ? rest.slice(0, -1) : rest;
  const indents = kept.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const common = indents.length === 0 ? 0 : Math.min(...indents);
  const lines = kept.map((line) => line.slice(common));
  return (rest.length > 0 && first.trim() === "" ? lines : [first, ...lines]).join("\n");
}
