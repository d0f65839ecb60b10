// A file's tokens cut into items, and items into parts, at the words that stand first on a line.
import { nearest } from "../../source/nearest.ts";
import type { Token } from "../text/lexer.ts";
import { otherWordFor } from "../explain/other-words.ts";
import type { EntryRule } from "./parser.ts";
import { ACTION_WORDS, CLAUSE_WORDS, ITEM_WORDS, STEP_WORDS } from "../words.ts";

/** The tokens of each item; items that share a line share a segment. */
export function segmentsOf(tokens: readonly Token[], text: string): readonly (readonly Token[])[] {
  const segments: (readonly Token[])[] = [];
  let start = 0;
  for (let at = 1; at <= tokens.length; at += 1) {
    if (at < tokens.length && !startsItem(tokens, at, text)) continue;
    segments.push(tokens.slice(start, at));
    start = at;
  }
  return segments;
}

/** A line that a broken item can be read on from. */
export function startsPart(token: Token): boolean {
  return token.isFirstOnLine && PART_WORDS.has(token.image);
}

/** The same, also where the word is misspelt or another language's. */
function mayStartPart(token: Token): boolean {
  if (startsPart(token)) return true;
  if (!token.isFirstOnLine || token.payload.kind !== "bare" || !/^[A-Za-z]{3,}$/.test(token.image)) return false;
  return PART_WORDS.has(otherWordFor(token.image) ?? "") || nearest(token.image, PART_WORDS) !== undefined;
}

/** An item word that somebody misspelt: close to one, and at the very start of its line. */
export function misspeltItem(token: Token, text: string): string | undefined {
  const isAtMargin = token.startOffset === 0 || /[\n\r]/.test(text[token.startOffset - 1] ?? "");
  const isWord = token.payload.kind === "bare" && /^[A-Za-z]+:?$/.test(token.image);
  if (!isAtMargin || !isWord || ITEMS.has(token.image) || PART_WORDS.has(token.image)) return undefined;
  const word = token.image.replace(/:$/, "");
  return ITEMS.has(word) ? word : nearest(word, ITEM_WORDS);
}

export interface Remainder {
  readonly tokens: readonly Token[];
  readonly entry: EntryRule;
  /** Where tokens are missing: what does not fit there is no mistake of the author's. */
  readonly cut: number;
}

/** What is left of an item without the part that token `at` belongs to. `isIncomplete`: what stands before it calls for more. */
export function strikeOut(tokens: readonly Token[], at: number, entry: EntryRule, isIncomplete: boolean): Remainder {
  const token = tokens[at];
  const isOwnPart = token?.isFirstOnLine === true && !isIncomplete;
  const start = isOwnPart ? at : lastPart(tokens, at - (isIncomplete ? 1 : 0));
  const isEnd = isIncomplete && token !== undefined && startsPart(token);
  const end = isEnd ? at : nextPart(tokens, Math.max(at, start));
  if (start > 0 && tokens[start]?.image !== "when") {
    return { tokens: [...tokens.slice(0, start), ...tokens.slice(end)], entry, cut: start };
  }
  const rest = tokens.slice(end);
  return { tokens: rest, entry: bodyOf(tokens, rest, entry), cut: 0 };
}

const ITEMS: ReadonlySet<string> = new Set(ITEM_WORDS);
const PART_WORDS: ReadonlySet<string> = new Set(["when", ...CLAUSE_WORDS, ...ACTION_WORDS, ...STEP_WORDS]);

/** Annotations belong to the rule below them. */
function startsItem(tokens: readonly Token[], at: number, text: string): boolean {
  const token = tokens[at];
  if (token === undefined || !token.isFirstOnLine || isAnnotated(tokens, at)) return false;
  if (token.image.startsWith("@")) return true;
  if (token.image === "shadow" && tokens[at + 1]?.image === "rule") return true;
  return token.payload.kind === "bare" && (ITEMS.has(token.image) || misspeltItem(token, text) !== undefined);
}

/** An annotation stands before it, with its literal or without. */
function isAnnotated(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (before?.image.startsWith("@") === true) return true;
  return tokens[at - 2]?.image.startsWith("@") === true && before !== undefined && !ITEMS.has(before.image);
}

function lastPart(tokens: readonly Token[], from: number): number {
  let at = Math.min(from, tokens.length - 1);
  while (at > 0) {
    const token = tokens[at];
    if (token !== undefined && startsPart(token)) return at;
    at -= 1;
  }
  return 0;
}

function nextPart(tokens: readonly Token[], from: number): number {
  const found = tokens.findIndex((token, index) => index > from && mayStartPart(token));
  return found === -1 ? tokens.length : found;
}

/** How what follows a broken beginning is read. */
function bodyOf(tokens: readonly Token[], rest: readonly Token[], entry: EntryRule): EntryRule {
  if (entry === "ruleBody") return "ruleTail";
  if (entry === "whenHead") return "guards";
  if (entry !== "file" && entry !== "items") return entry;
  const item = tokens.find((token) => ITEMS.has(token.image))?.image;
  const isWhole = rest[0]?.image === "when";
  if (item === "test") return "testBody";
  if (item === "default" || item === "exception") return isWhole ? "whenHead" : "guards";
  return isWhole ? "ruleBody" : "ruleTail";
}
