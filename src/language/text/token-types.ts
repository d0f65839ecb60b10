// The kinds of tokens, and which of them may stand in whose place (chevrotain's categories).
import { Lexer, type TokenType } from "chevrotain";
import {
  BARE_VALUES,
  KEYWORDS,
  LEVEL_WORDS,
  METHOD_WORDS,
  NOT_A_NAME,
  NOT_AN_EXPECTED_FIELD,
  NOT_AN_ID,
  PLACE_WORDS,
  type Keyword,
  type PlaceWord,
} from "../words.ts";

/** What `createToken` makes, but numbered all at once by the parser: one by one, it takes as long as reading 200 rules. */
function kind(name: string, categories: readonly TokenType[] = []): TokenType {
  return { name, PATTERN: Lexer.NA, CATEGORIES: [...categories] };
}

/** What a bare token may be read as; one spelling is often several of them. */
export const WORD: TokenType = {
  ...kind("WORD"),
  // The parser writes it anew; that it is not empty tells it that there are categories.
  categoryMatches: [0],
};
export const PATH = kind("PATH");
export const EPATH = kind("EPATH");
export const VPATH = kind("VPATH");
export const ID = kind("ID");
export const NAME = kind("NAME");
export const METHOD = kind("METHOD");
export const LEVEL = kind("LEVEL");

export const NUMBER = kind("NUMBER");
export const INT = kind("INT", [NUMBER]);
export const DURATION = kind("DURATION");
export const PERCENT = kind("PERCENT");
export const STRING = kind("STRING");
export const REGEX = kind("REGEX");
export const JSON_VALUE = kind("JSON");
export const EXPR = kind("EXPR");
export const VAR = kind("VAR");
export const ANNOTATION = kind("ANNOTATION");
export const COMMA = kind("COMMA");
export const BAR = kind("BAR");
export const COMPARE = kind("COMPARE");
export const EQUALS = kind("EQUALS", [COMPARE]);
const ORDER = kind("ORDER", [COMPARE]);

/** What cannot be read; its diagnostic is its payload. Never part of the grammar. */
export const MISTAKE = kind("MISTAKE");

/** `get_*`, `a:b` */
const GLOB_WORD = kind("GLOB_WORD", [WORD]);
/** `fooBar` */
const MIXED_WORD = kind("MIXED_WORD", [WORD, PATH, EPATH]);
const KEBAB_WORD = kind("KEBAB_WORD", [WORD, PATH, EPATH, ID]);
const SNAKE_WORD = kind("SNAKE_WORD", [WORD, PATH, EPATH, NAME]);
const PLAIN_WORD = kind("PLAIN_WORD", [WORD, PATH, EPATH, ID, NAME]);
/** `a.b` */
const DOTTED = kind("DOTTED", [WORD, PATH, EPATH, VPATH]);
/** `a[0]`, `a["b"].c` */
const BRACKETED = kind("BRACKETED", [PATH, EPATH, VPATH]);
/** `tools/call`, `tools/*` */
const SLASHED = kind("SLASHED", [METHOD]);

interface KeywordTypes {
  /** What the grammar asks for. */
  readonly any: TokenType;
  /** First on its line: the keyword and nothing else. */
  readonly first: TokenType;
  /** On the line of the token before it: may also be a field, an id, a name. */
  readonly inner: TokenType;
}

const keywords: ReadonlyMap<string, KeywordTypes> = new Map(KEYWORDS.map((word) => [word, keywordTypes(word)]));
const placeWords: ReadonlyMap<string, TokenType> = new Map(PLACE_WORDS.map((word) => [word, placeWordType(word)]));

/** The type that the grammar asks for where this word must stand. */
export function keyword(word: Keyword | PlaceWord): TokenType {
  const type = keywords.get(word)?.any ?? placeWords.get(word);
  if (type === undefined) throw new Error(`no token type for ${word}`);
  return type;
}

/** `undefined`: it is nothing and has to be quoted. */
export function typeOfBareToken(image: string, isFirstOnLine: boolean): TokenType | undefined {
  const known = keywords.get(image);
  if (known !== undefined) return isFirstOnLine ? known.first : known.inner;
  return placeWords.get(image) ?? typeOfSpelling(image);
}

/** For comparisons: `=`, and the five others. */
export function typeOfComparison(image: string): TokenType {
  return image === "=" ? EQUALS : ORDER;
}

/** Everything the parser has to know of, categories included. */
export function allTokenTypes(): TokenType[] {
  const keywordKinds = [...keywords.values()].flatMap((types) => [types.any, types.first, types.inner]);
  const bare = [GLOB_WORD, MIXED_WORD, KEBAB_WORD, SNAKE_WORD, PLAIN_WORD, DOTTED, BRACKETED, SLASHED];
  const categories = [WORD, PATH, EPATH, VPATH, ID, NAME, METHOD, LEVEL, COMPARE];
  const literals = [NUMBER, INT, DURATION, PERCENT, STRING, REGEX, JSON_VALUE, EXPR, VAR, ANNOTATION];
  return [
    ...keywordKinds,
    ...placeWords.values(),
    ...bare,
    ...categories,
    ...literals,
    COMMA,
    BAR,
    EQUALS,
    ORDER,
    MISTAKE,
  ];
}

const WORD_SPELLING = /^[A-Za-z_*][A-Za-z0-9_.:*?-]*$/;
const SEGMENT_SPELLING = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const DOTTED_SPELLING = /^[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)+$/;
const KEBAB_SPELLING = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const SNAKE_SPELLING = /^[a-z_][a-z0-9_]*$/;
const METHOD_SPELLING = /^[A-Za-z_*][A-Za-z0-9_.*-]*(?:\/[A-Za-z0-9_.*-]+)+$/;

function typeOfSpelling(image: string): TokenType | undefined {
  if (image.includes("[")) return BRACKETED;
  if (SEGMENT_SPELLING.test(image)) return typeOfSegment(image);
  if (DOTTED_SPELLING.test(image)) return DOTTED;
  if (WORD_SPELLING.test(image)) return GLOB_WORD;
  return METHOD_SPELLING.test(image) ? SLASHED : undefined;
}

function typeOfSegment(image: string): TokenType {
  const isKebab = KEBAB_SPELLING.test(image);
  const isSnake = SNAKE_SPELLING.test(image);
  if (isKebab) return isSnake ? PLAIN_WORD : KEBAB_WORD;
  return isSnake ? SNAKE_WORD : MIXED_WORD;
}

function keywordTypes(word: Keyword): KeywordTypes {
  const any = kind(nameOfWord(word));
  const first = kind(`${word} first on its line`, [any]);
  return { any, first, inner: kind(`${word} within a line`, [any, ...rolesOf(word)]) };
}

function rolesOf(word: Keyword): readonly TokenType[] {
  const roles = [PATH];
  if (!NOT_AN_EXPECTED_FIELD.has(word)) roles.push(EPATH);
  if (BARE_VALUES.has(word)) roles.push(VPATH);
  if (!NOT_AN_ID.has(word)) roles.push(ID);
  if (!NOT_A_NAME.has(word)) roles.push(NAME);
  if (word === "error") roles.push(LEVEL);
  return roles;
}

function placeWordType(word: PlaceWord): TokenType {
  const roles = [WORD, PATH, EPATH, ID, NAME];
  if (METHOD_WORDS.some((method) => method === word)) roles.push(METHOD);
  if (LEVEL_WORDS.some((level) => level === word)) roles.push(LEVEL);
  return kind(nameOfWord(word), roles);
}

/** Tokens and productions share one space of names in a concrete syntax tree. */
function nameOfWord(word: string): string {
  return word.toUpperCase();
}
