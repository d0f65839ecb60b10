// One text → its items and everything that is wrong with its grammar. One mistake does not hide the others.
import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import type { Item } from "./ast.ts";
import { itemsFrom } from "./cst-to-ast.ts";
import { callsForMore } from "./expectations.ts";
import { explainMistake } from "./explain-mistake.ts";
import { checkFileStart } from "./file-start.ts";
import { readTokens, type Token } from "./lexer.ts";
import { expectedAfter, parseTokens, type EntryRule } from "./parser.ts";
import { error } from "./report.ts";
import { MAX_SHOWN } from "./shown.ts";
import { misspeltItem, segmentsOf, startsPart, strikeOut } from "./segments.ts";

export interface ParsedFile {
  readonly source: SourceText;
  readonly items: readonly Item[];
  /** Items with a mistake: what they declare, so that nobody misses it. */
  readonly broken: readonly BrokenItem[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface BrokenItem {
  readonly kind: string;
  readonly name: string | undefined;
}

export function parseFile(source: SourceText): ParsedFile {
  const start = checkFileStart(readTokens(source).tokens, source);
  const segments = segmentsOf(start.items, source.text);
  const mistakes = [...start.diagnostics, ...mistakesIn(start.items, source.path)];
  let room = MAX_SHOWN - mistakes.length;
  const read = segments.map((segment) => {
    const one = room < 0 ? unread(segment, source) : readSegment(segment, source, room);
    room -= one.diagnostics.length;
    return one;
  });
  return {
    source,
    items: read.flatMap((one) => one.items),
    broken: read.flatMap((one) => one.broken),
    diagnostics: mistakes.concat(read.flatMap((one) => one.diagnostics)),
  };
}

/** In one item; then what is left of it is skipped. */
const MAX_IN_ITEM = 10;

/** What the scanners could not read. */
function mistakesIn(tokens: readonly Token[], file: string): readonly Diagnostic[] {
  return tokens
    .flatMap(({ payload }) => (payload.kind === "mistake" ? payload.mistakes : []))
    .map((mistake) =>
      error(mistake.code, { file, start: mistake.start, end: mistake.end }, mistake.message, mistake.help),
    );
}

type ReadSegment = Omit<ParsedFile, "source">;

function unread(segment: readonly Token[], source: SourceText, diagnostics: readonly Diagnostic[] = []): ReadSegment {
  return { items: [], broken: brokenItems(segment, source.text), diagnostics };
}

/** Reads an item; when a part of it is broken, strikes that part out and reads on, so that the rest is checked as well. */
function readSegment(segment: readonly Token[], source: SourceText, room: number): ReadSegment {
  const parsed = segment.some(isUnreadable) ? undefined : parseTokens(segment, "items");
  if (parsed?.kind === "tree") return { items: itemsFrom(parsed.tree, source.path), broken: [], diagnostics: [] };
  return unread(segment, source, mistakesOf(segment, source).slice(0, room + 1));
}

function mistakesOf(segment: readonly Token[], source: SourceText): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let tokens = segment;
  let entry: EntryRule = "items";
  let cut = -1;
  for (let round = 0; round < MAX_IN_ITEM && tokens.length > 0; round += 1) {
    const unreadable = tokens.findIndex(isUnreadable);
    const parsed = unreadable === -1 ? parseTokens(tokens, entry) : undefined;
    if (parsed?.kind === "tree") break;
    const at = parsed?.at ?? unreadable;
    const expected = parsed === undefined ? [] : expectedAfter(tokens.slice(0, at), entry);
    const isOwn = cut === -1 || (at < tokens.length && (at !== cut || isMisspeltPart(tokens[at])));
    if (parsed !== undefined && isOwn) diagnostics.push(explainMistake({ tokens, at, expected, source }));
    if (at >= tokens.length) break;
    ({ tokens, entry, cut } = strikeOut(tokens, at, entry, parsed !== undefined && callsForMore(expected)));
  }
  return diagnostics;
}

/** Where something was struck out, only a misspelt word is a mistake of its own. */
function isMisspeltPart(token: Token | undefined): boolean {
  return token !== undefined && !startsPart(token);
}

function isUnreadable(token: Token): boolean {
  return token.payload.kind === "mistake";
}

/** What the items of a broken piece declare, as far as their first words tell. */
function brokenItems(segment: readonly Token[], text: string): readonly BrokenItem[] {
  return segment.flatMap((token, at) => {
    const kind = ITEM_KINDS.has(token.image) ? token.image : misspeltItem(token, text);
    return kind === undefined ? [] : [{ kind, name: segment[at + 1]?.image }];
  });
}

const ITEM_KINDS: ReadonlySet<string> = new Set(["let", "default", "rule", "exception", "test"]);
