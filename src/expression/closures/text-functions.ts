// JSONata's functions of texts, and ours.
import { LimitExceeded, LONGEST_TEXT } from "../jsonata/jsonata-limits.ts";
import { localTime, parseText, tokensIn, truncated } from "../jsonata/own-functions.ts";
import { ofText, type Builtin } from "./builtin.ts";
import { JsonataError } from "./jsonata-error.ts";
import { isFound, Matcher, matchesOf, substituted } from "./matches.ts";
import { add, isList, sequenceOf, type Sequence } from "./sequence.ts";
import { asText } from "./values.ts";
import type { Run } from "./function-value.ts";

export const TEXT_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  string: ["<x-b?:s>", 1, ([value, isPretty]) => asText(value, isPretty === true)],
  substring: ["<s-nn?:s>", 3, ([text, start, length]) => substring(text, start, length)],
  substringBefore: ["<s-s:s>", 2, ([text, mark]) => before(text, String(mark))],
  substringAfter: ["<s-s:s>", 2, ([text, mark]) => after(text, String(mark))],
  lowercase: ["<s-:s>", 1, ofText((text) => text.toLowerCase())],
  uppercase: ["<s-:s>", 1, ofText((text) => text.toUpperCase())],
  length: ["<s-:n>", 1, ofText(lengthOf)],
  trim: ["<s-:s>", 1, ofText(trimmed)],
  pad: ["<s-ns?:s>", 3, ([text, width, filler]) => padded(text, width, filler)],
  contains: ["<s-(sf):b>", 2, ([text, token], run) => contains(text, token, run)],
  match: ["<s-f<s:o>n?:a<o>>", 3, ([text, regex, limit], run) => match(text, regex, limit, run)],
  replace: ["<s-(sf)(sf)n?:s>", 4, ([text, pattern, by, limit], run) => replace({ text, pattern, by, limit }, run)],
  split: ["<s-(sf)n?:a<s>>", 3, ([text, separator, limit], run) => split(text, separator, limit, run)],
  join: ["<a<s>s?:s>", 2, ([texts, separator]) => joined(texts, separator)],
  base64encode: ["<s-:s>", 1, ofText((text) => Buffer.from(text, "binary").toString("base64"))],
  base64decode: ["<s-:s>", 1, ofText((text) => Buffer.from(text, "base64").toString("binary"))],
  encodeUrlComponent: ["<s-:s>", 1, ofText(wellFormed(encodeURIComponent))],
  encodeUrl: ["<s-:s>", 1, ofText(wellFormed(encodeURI))],
  decodeUrlComponent: ["<s-:s>", 1, ofText(wellFormed(decodeURIComponent))],
  decodeUrl: ["<s-:s>", 1, ofText(wellFormed(decodeURI))],
  parse: ["<s-:x>", 1, ([text]) => parseText(text as string | undefined)],
  tokens: ["<s-:n>", 1, ([text]) => tokensIn(text as string | undefined)],
  truncate: ["<s-n:s>", 2, ([text, tokens]) => truncated(text as string | undefined, tokens as number | undefined)],
  local: ["<s:o>", 1, ([zone], run) => localTime(zone as string | undefined, run.now)],
};

/** A character outside the basic plane is two units in a text and one to JSONata. */
const HAS_PAIRS = /[\ud800-\udbff][\udc00-\udfff]/;

function lengthOf(text: string): number {
  return HAS_PAIRS.test(text) ? Array.from(text).length : text.length;
}

function substring(text: unknown, from: unknown, length: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  const whole = lengthOf(text);
  // Without a number, as of a list's `slice`: from the start, to the end.
  const given = from as number;
  const start = whole + given < 0 ? 0 : given;
  if (length === undefined) return part(text, start);
  const count = length as number;
  if (count <= 0) return "";
  return part(text, start, start >= 0 ? start + count : whole + start + count);
}

function part(text: string, start: number, end?: number): string {
  return HAS_PAIRS.test(text) ? Array.from(text).slice(start, end).join("") : text.slice(start, end);
}

function before(text: unknown, mark: string): string | undefined {
  if (typeof text !== "string") return undefined;
  const at = text.indexOf(mark);
  return at >= 0 ? text.slice(0, at) : text;
}

function after(text: unknown, mark: string): string | undefined {
  if (typeof text !== "string") return undefined;
  const at = text.indexOf(mark);
  return at >= 0 ? text.slice(at + mark.length) : text;
}

function trimmed(text: string): string {
  const single = text.replaceAll(/[ \t\n\r]+/g, " ");
  return single.slice(single.startsWith(" ") ? 1 : 0, single.length > 1 && single.endsWith(" ") ? -1 : undefined);
}

function padded(text: unknown, width: unknown, filler: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  const wanted = Math.trunc(width as number);
  if (Math.abs(wanted) > LONGEST_TEXT) throw new LimitExceeded("a text of more than 1 MiB");
  const missing = Math.abs(wanted) - lengthOf(text);
  if (!(missing > 0)) return text;
  const unit = typeof filler === "string" && filler !== "" ? filler : " ";
  const padding = part(unit.repeat(Math.ceil(missing / lengthOf(unit))), 0, missing);
  return wanted > 0 ? text + padding : padding + text;
}

function contains(text: unknown, token: unknown, run: Run): boolean | undefined {
  if (typeof text !== "string" || token === undefined) return undefined;
  return typeof token === "string" ? text.includes(token) : isFound(asMatcher(token), text, run);
}

function match(text: unknown, regex: unknown, limit: unknown, run: Run): Sequence | undefined {
  if (typeof text !== "string") return undefined;
  const most = limitOf(limit, "D3040");
  const found = sequenceOf();
  if (most === 0 || !(regex instanceof Matcher)) return found;
  for (const { start, end, groups } of matchesOf(regex, text, most, run)) {
    add(found, { match: text.slice(start, end), index: start, groups });
  }
  return found;
}

function limitOf(limit: unknown, code: string): number | undefined {
  if (typeof limit === "number" && limit < 0) throw new JsonataError(code);
  return limit as number | undefined;
}

interface Replacement {
  readonly text: unknown;
  readonly pattern: unknown;
  readonly by: unknown;
  readonly limit: unknown;
}

function replace({ text, pattern, by, limit }: Replacement, run: Run): string | undefined {
  if (typeof text !== "string") return undefined;
  if (pattern === "") throw new JsonataError("D3010");
  const most = limitOf(limit, "D3011");
  if (most === 0) return text;
  if (typeof pattern === "string") return replaceText(text, pattern, String(by), most);
  let replaced = "";
  let position = 0;
  for (const found of matchesOf(asMatcher(pattern), text, most, run)) {
    if (typeof by !== "string") throw new JsonataError("D3012");
    replaced += text.slice(position, found.start) + substituted(by, text, found);
    position = found.end;
  }
  return replaced + text.slice(position);
}

function replaceText(text: string, pattern: string, by: string, most: number | undefined): string {
  let replaced = "";
  let position = 0;
  let count = 0;
  for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, position)) {
    if (most !== undefined && count >= most) break;
    replaced += text.slice(position, at) + by;
    position = at + pattern.length;
    count += 1;
  }
  return replaced + text.slice(position);
}

function split(text: unknown, separator: unknown, limit: unknown, run: Run): readonly string[] | undefined {
  if (typeof text !== "string") return undefined;
  const most = limitOf(limit, "D3020");
  if (most === 0) return [];
  if (typeof separator === "string") return text.split(separator, most);
  const pieces: string[] = [];
  let position = 0;
  for (const found of matchesOf(asMatcher(separator), text, most, run)) {
    pieces.push(text.slice(position, found.start));
    position = found.end;
  }
  if (most === undefined || pieces.length < most) pieces.push(text.slice(position));
  return pieces;
}

function asMatcher(value: unknown): Matcher {
  if (value instanceof Matcher) return value;
  throw new JsonataError("T1010");
}

function joined(texts: unknown, separator: unknown): string | undefined {
  if (!isList(texts)) return undefined;
  const between = typeof separator === "string" ? separator : "";
  const length = texts.reduce<number>((sum, text) => sum + String(text).length + between.length, 0);
  if (length > LONGEST_TEXT + between.length) throw new LimitExceeded("a text of more than 1 MiB");
  return texts.join(between);
}

function wellFormed(change: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return change(text);
    } catch {
      throw new JsonataError("D3140");
    }
  };
}
