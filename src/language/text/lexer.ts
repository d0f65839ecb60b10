// Text → tokens and comments. What cannot be read becomes a token of its own, so that reading goes on behind it.
import { createToken, Lexer, type CustomPatternMatcherFunc, type IToken, type TokenType } from "chevrotain";
import type { SourceText } from "../../source/source-text.ts";
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
  /** `#` to the end of the line, both included. */
  readonly comments: readonly IToken[];
}

export function readTokens(source: SourceText): Tokens {
  lexer ??= createLexer();
  const { tokens, groups } = lexer.tokenize(source.text);
  let end = 0;
  const classified = tokens.map((token) => {
    const isFirstOnLine = end === 0 || /[\n\r]/.test(source.text.slice(end - 1, token.startOffset));
    end = token.startOffset + token.image.length;
    return classify(token, isFirstOnLine);
  });
  return { tokens: classified, comments: groups["comments"] ?? [] };
}

let lexer: Lexer | undefined;

/** What the scanners see; the final types depend on spelling and place and are given afterwards. */
function createLexer(): Lexer {
  return new Lexer(
    [
      createToken({ name: "Blank", pattern: /[\s\uFEFF]+/, group: Lexer.SKIPPED, line_breaks: true }),
      createToken({ name: "Comment", pattern: /#[^\n\r]*/, group: "comments" }),
      createToken({ name: "Comma", pattern: "," }),
      createToken({ name: "Bar", pattern: "|" }),
      createToken({ name: "Comparison", pattern: /!=|<=|>=|[=<>]/ }),
      scanned("Text", ['"'], scanText),
      scanned("Regex", ["/"], scanRegex),
      scanned("Json", ["{", "["], scanJson),
      scanned("Expression", ["("], scanExpression),
      scanned("Bare", undefined, scanBare),
      ...types.allTokenTypes(),
    ],
    { positionTracking: "onlyOffset", skipValidations: true },
  );
}

type CustomMatch = ReturnType<CustomPatternMatcherFunc> & { payload?: Payload };

function scanned(
  name: string,
  opens: readonly string[] | undefined,
  scan: (text: string, start: number) => Reading,
): TokenType {
  const exec: CustomPatternMatcherFunc = (text, start) => {
    if (opens !== undefined && !opens.includes(text[start] ?? "")) return null;
    const { end, payload } = scan(text, start);
    const match: CustomMatch = [text.slice(start, end)];
    match.payload = payload;
    return match;
  };
  return createToken({
    name,
    pattern: { exec },
    line_breaks: true,
    ...(opens === undefined ? {} : { start_chars_hint: [...opens] }),
  });
}

function classify(token: IToken, isFirstOnLine: boolean): Token {
  const payload = (token.payload as Payload | undefined) ?? { kind: "bare" };
  const type = typeOf(token, payload, isFirstOnLine);
  const endOffset = token.startOffset + token.image.length - 1;
  const tokenTypeIdx = type.tokenTypeIdx ?? 0;
  return Object.assign(token, { payload, isFirstOnLine, endOffset, tokenType: type, tokenTypeIdx });
}

function typeOf(token: IToken, payload: Payload, isFirstOnLine: boolean): TokenType {
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
      return typeOfBare(token.image, isFirstOnLine);
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
