// Text → tokens and comments. What cannot be read becomes a token of its own, so that reading goes on behind it.
import type { IToken, TokenType } from "chevrotain";
import { isLineEnd, type SourceText } from "../../source/source-text.ts";
import type { Payload, Reading } from "./reading.ts";
import { scanBare } from "./scan-bare.ts";
import { scanExpression } from "./scan-expression.ts";
import { scanJson } from "./scan-json.ts";
import { scanRegex } from "./scan-regex.ts";
import { scanText } from "./scan-text.ts";
import * as types from "./token-types.ts";

export interface Token extends IToken {
  readonly payload: Payload;
  /** Only white space and comments stand before it on its line. */
  readonly isFirstOnLine: boolean;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

export interface Comment {
  /** `#` to the end of the line, without that. */
  readonly image: string;
  readonly startOffset: number;
}

/** Chevrotain's own lexer would only choose between these scanners: it takes as long again to build, and 0.9 MB. */
export function readTokens({ text }: SourceText): Tokens {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  let isFirstOnLine = true;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) {
      isFirstOnLine ||= isLineEnd(code);
      at += 1;
    } else if (code === HASH) {
      const image = text.slice(at, endOfLine(text, at));
      comments.push({ image, startOffset: at });
      at += image.length;
    } else {
      const token = readToken(text, at, isFirstOnLine);
      tokens.push(token);
      at += token.image.length;
      // A token that lacks its end may take the end of its line with it.
      isFirstOnLine = isLineEnd(text.charCodeAt(at - 1));
    }
  }
  return { tokens, comments };
}

const HASH = 0x23;

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code > 0x7f && /\s/.test(String.fromCharCode(code)));
}

function endOfLine(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isLineEnd(text.charCodeAt(end))) end += 1;
  return end;
}

/** The parser numbers its type, and sees to it that the token has the number. */
function readToken(text: string, startOffset: number, isFirstOnLine: boolean): Token {
  const scan = SCANNERS.get(text[startOffset] ?? "") ?? scanBare;
  const { end, payload } = scan(text, startOffset);
  const image = text.slice(startOffset, end);
  const tokenType = typeOf(image, payload, isFirstOnLine);
  return { image, startOffset, endOffset: end - 1, tokenType, tokenTypeIdx: 0, payload, isFirstOnLine };
}

type Scan = (text: string, start: number) => Reading;

/** By what a token begins with. */
const SCANNERS: ReadonlyMap<string, Scan> = new Map<string, Scan>([
  ['"', scanText],
  ["/", scanRegex],
  ["{", scanJson],
  ["[", scanJson],
  ["(", scanExpression],
  [",", scanSign],
  ["|", scanSign],
  ["=", scanSign],
  ["<", scanComparison],
  [">", scanComparison],
  ["!", (text, start) => (text[start + 1] === "=" ? scanComparison : scanBare)(text, start)],
]);

function scanSign(_: string, start: number): Reading {
  return { end: start + 1, payload: BARE };
}

function scanComparison(text: string, start: number): Reading {
  return { end: start + (text[start + 1] === "=" ? 2 : 1), payload: BARE };
}

const BARE: Payload = { kind: "bare" };

function typeOf(image: string, payload: Payload, isFirstOnLine: boolean): TokenType {
  switch (payload.kind) {
    case "text":
      return types.STRING;
    case "regex":
      return types.REGEX;
    case "json":
      return types.JSON_VALUE;
    case "expression":
      return types.EXPR;
    case "mistake":
      return types.MISTAKE;
    case "bare":
      return typeOfBare(image, isFirstOnLine);
  }
}

function typeOfBare(image: string, isFirstOnLine: boolean): TokenType {
  if (image === ",") return types.COMMA;
  if (image === "|") return types.BAR;
  if (/^[=<>!]/.test(image)) return types.typeOfComparison(image);
  if (image.startsWith("$")) return types.VAR;
  if (image.startsWith("@")) return types.ANNOTATION;
  if (/^-?[0-9]/.test(image)) return typeOfNumber(image);
  return types.typeOfBareToken(image, isFirstOnLine) ?? types.MISTAKE;
}

function typeOfNumber(image: string): TokenType {
  if (image.endsWith("%")) return types.PERCENT;
  if (/[a-z]$/.test(image)) return types.DURATION;
  return /^[0-9]+$/.test(image) ? types.INT : types.NUMBER;
}
