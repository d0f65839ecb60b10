// One text → its items and everything that is wrong with its grammar.
import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import type { Item } from "./tree/ast.ts";
import { checkFileStart } from "./text/file-start.ts";
import { readTokens, type Token } from "./text/lexer.ts";
import { readSegment, type ReadSegment } from "./grammar/read-segment.ts";
import { error } from "./report.ts";
import { misspeltItem, segmentsOf } from "./grammar/segments.ts";
import { MAX_SHOWN } from "./shown.ts";

export interface ParsedFile {
  readonly source: SourceText;
  readonly items: readonly Item[];
  /** Items with a mistake: what they declare, so that nobody misses it. */
  readonly broken: readonly BrokenItem[];
  /** The same without the parts that are broken: to be checked, never to be compiled. */
  readonly remnants: readonly Item[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface BrokenItem {
  readonly kind: string;
  readonly name: string | undefined;
}

export function parseFile(source: SourceText): ParsedFile {
  const start = checkFileStart(readTokens(source).tokens, source);
  const mistakes = [...start.diagnostics, ...mistakesIn(start.items, source.path)];
  let room = MAX_SHOWN - mistakes.length;
  const read = segmentsOf(start.items, source.text).map((segment) => {
    const { items, remnants, diagnostics } = room < 0 ? UNREAD : readSegment(segment, source);
    room -= diagnostics.length;
    return { items, remnants, diagnostics, broken: items.length > 0 ? [] : brokenItems(segment, source.text) };
  });
  return {
    source,
    items: read.flatMap((one) => one.items),
    broken: read.flatMap((one) => one.broken),
    remnants: read.flatMap((one) => one.remnants),
    diagnostics: mistakes.concat(read.flatMap((one) => one.diagnostics)),
  };
}

/** Behind more mistakes than are shown. */
const UNREAD: ReadSegment = { items: [], remnants: [], diagnostics: [] };

/** What the scanners could not read. */
function mistakesIn(tokens: readonly Token[], file: string): readonly Diagnostic[] {
  return tokens
    .flatMap(({ payload }) => (payload.kind === "mistake" ? payload.mistakes : []))
    .map((mistake) =>
      error(mistake.code, { file, start: mistake.start, end: mistake.end }, mistake.message, mistake.help),
    );
}

/** What the items of a broken piece declare, as far as their first words tell. */
function brokenItems(segment: readonly Token[], text: string): readonly BrokenItem[] {
  return segment.flatMap((token, at) => {
    const kind = ITEM_KINDS.has(token.image) ? token.image : misspeltItem(token, text);
    return kind === undefined ? [] : [{ kind, name: segment[at + 1]?.image }];
  });
}

const ITEM_KINDS: ReadonlySet<string> = new Set(["let", "default", "rule", "exception", "test"]);
