// A regular expression between two slashes, or a path that somebody forgot to quote.
import { endOfLine, nextItemLine } from "./item-lines.ts";
import { misread, type Reading } from "./reading.ts";

/**
 * `start` is at the `/`. On one line; may hold `\/`, and `/` inside a class; not empty, its first character is not `/`
 * or `*`, and no word character follows the flags, so that `/etc/mine` is no regex.
 */
export function scanRegex(text: string, start: number): Reading {
  if (text.startsWith("//", start)) return foreignComment(text, start, endOfLine(text, start));
  if (text.startsWith("/*", start))
    return starredComment(text, start) ?? unquotedPath(text, start, endOfRun(text, start));
  REGEX.lastIndex = start;
  const found = REGEX.exec(text);
  const [image = "", source = "", flags = ""] = found ?? [];
  const end = endOfRun(text, start + Math.max(1, image.length));
  if (found === null) return isPathAlone(text, start, end) ? unquotedPath(text, start, end) : unclosed(text, start);
  if (end > start + image.length) return unquotedPath(text, start, end);
  if (new Set(flags).size === flags.length) return { end, payload: { kind: "regex", source, flags } };
  return misread(end, { code: "MR106", start: end - flags.length, end, message: "a flag stands here twice" });
}

const REGEX =
  /\/((?:[^\\/[\r\n*]|\\[^\r\n]|\[(?:[^\]\\\r\n]|\\[^\r\n])*\])(?:[^\\/[\r\n]|\\[^\r\n]|\[(?:[^\]\\\r\n]|\\[^\r\n])*\])*)\/([ims]*)/y;

/** `/etc/passwd` up to white space: no sign of a regular expression in it, nor right behind it. */
function isPathAlone(text: string, start: number, end: number): boolean {
  return /^\/[\w./~-]+$/.test(text.slice(start, end)) && !/[[({|=!<>]/.test(text[end] ?? " ");
}

function endOfRun(text: string, from: number): number {
  let at = from;
  while (at < text.length && !/[\s"(){}[\],|=<>!#]/.test(text[at] ?? " ")) at += 1;
  return at;
}

function unquotedPath(text: string, start: number, end: number): Reading {
  const run = text.slice(start, end);
  return misread(end, {
    code: "MR106",
    start,
    end,
    message: `\`${run}\` is no regular expression`,
    help: `a path is quoted: "${run}"`,
  });
}

/** `/* … *\/`, on one line or several; `undefined`: a glob such as `/*.txt`. */
function starredComment(text: string, start: number): Reading | undefined {
  const close = text.indexOf("*/", start + 2);
  const lineEnd = endOfLine(text, start);
  const isFirst = /(?:^|[\n\r])[ \t]*$/.test(text.slice(Math.max(0, start - 200), start));
  const isClosedOnLine = close !== -1 && close < lineEnd && /\s/.test(text[close - 1] ?? "");
  if (!isFirst && !isClosedOnLine) return undefined;
  const isClosed = close !== -1 && close < nextItemLine(text, start);
  return foreignComment(text, start, isClosed ? close + 2 : lineEnd);
}

function foreignComment(text: string, start: number, end: number): Reading {
  const sign = text.slice(start, start + 2);
  const message = `\`${sign}\` does not belong here`;
  return misread(end, {
    code: "MR107",
    start,
    end: start + 2,
    message,
    help: sign === "//" ? "a comment starts with `#`" : "a comment starts with `#`, on each of its lines",
  });
}

function unclosed(text: string, start: number): Reading {
  return misread(endOfLine(text, start), {
    code: "MR106",
    start,
    end: start + 1,
    message: "this regular expression is not closed on its line",
    help: "end it with `/`; a `/` inside is written `\\/`, and a path is quoted",
  });
}
