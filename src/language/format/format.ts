// One layout for every policy: what the author wrote, comments included, and nothing but line ends and blanks changed.
import { hasErrors, type Diagnostic } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import { fillLine, type Piece } from "./fill-line.ts";
import { gapsOf, type Gap, type Remark } from "../text/gaps.ts";
import { layoutOf, type Layout } from "./layout.ts";
import { readTokens, type Token } from "../text/lexer.ts";
import { parseFile } from "../parse-file.ts";
import { parseTokens } from "../grammar/parser.ts";

export type Formatted =
  | { readonly kind: "formatted"; readonly text: string }
  /** A text that cannot be read is left as it is. */
  | { readonly kind: "mistakes"; readonly diagnostics: readonly Diagnostic[] };

/** Formatting what was formatted changes nothing. */
export function formatPolicy(source: SourceText): Formatted {
  const { diagnostics } = parseFile(source);
  if (hasErrors(diagnostics)) return { kind: "mistakes", diagnostics };
  const { tokens, comments } = readTokens(source);
  const parsed = parseTokens(tokens, "file");
  if (parsed.kind !== "tree") throw new Error("a file without mistakes cannot be parsed");
  const gaps = gapsOf(source.text, tokens, comments);
  const lines = linesOf(tokens, gaps, layoutOf(parsed.tree));
  return { kind: "formatted", text: print(lines, gaps.at(-1)?.own ?? []) };
}

/** A line of the layout, before it is known whether it has to be broken. */
interface Line {
  readonly pieces: readonly Piece[];
  readonly indent: number;
  /** What begins here, when an item does. */
  readonly item: string | undefined;
  readonly above: readonly Remark[];
  /** A blank line stood right above its first token. */
  readonly isApart: boolean;
  /** Behind its last token. */
  readonly behind: string | undefined;
  readonly below: readonly Remark[];
}

function linesOf(tokens: readonly Token[], gaps: readonly Gap[], layout: Layout): readonly Line[] {
  const starts = tokens.flatMap((token, at) => (layout.lines.has(token.startOffset) ? [at] : []));
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? tokens.length;
    const first = tokens[start];
    const gapAbove = gaps[start];
    const gapBelow = gaps[end];
    const isEnd = end === tokens.length || layout.items.has(tokens[end]?.startOffset ?? -1);
    return {
      pieces: tokens
        .slice(start, end)
        .map((token, at) => pieceOf(token, at === 0 ? undefined : gaps[start + at], layout)),
      indent: layout.lines.get(first?.startOffset ?? -1) ?? 0,
      item: layout.items.get(first?.startOffset ?? -1),
      above: (gapAbove?.own ?? []).slice(isItem(first, layout) ? belowCount(gapAbove, start) : 0),
      isApart: gapAbove?.endsApart ?? false,
      behind: gapBelow?.behind,
      below: isEnd ? (gapBelow?.own ?? []).slice(0, belowCount(gapBelow, end)) : [],
    };
  });
}

function isItem(token: Token | undefined, layout: Layout): boolean {
  return token !== undefined && layout.items.has(token.startOffset);
}

/** Comments that stand further in, right below an item, belong to it and not to the next one. */
function belowCount(gap: Gap | undefined, at: number): number {
  if (gap === undefined || at === 0) return 0;
  const end = gap.own.findIndex((remark) => remark.isApart || !remark.isIndented);
  return end === -1 ? gap.own.length : end;
}

function pieceOf(token: Token, gap: Gap | undefined, layout: Layout): Piece {
  return {
    token,
    breaks: layout.breaks.get(token.startOffset),
    behind: gap?.behind,
    above: gap?.own ?? [],
  };
}

const REMARK_INDENT = 2;

/** `atEnd`: the comments behind the last token. */
function print(lines: readonly Line[], atEnd: readonly Remark[]): string {
  const widths = nameWidths(lines);
  let item: string | undefined;
  const printed = lines.map((line, index) => {
    item = line.item ?? item;
    const keepsBlanks = line.indent === 0 || item === "testItem";
    const isApart = isSetApart(line, lines[index - 1], item);
    const above = printRemarks(line.above, line.indent, keepsBlanks);
    const blank = keepsBlanks && line.above.length > 0 && line.isApart ? "\n" : "";
    const text = fillLine(line.pieces, line.indent, widths.get(line) ?? 0);
    const behind = line.behind === undefined ? "" : ` ${line.behind}`;
    return `${isApart ? "\n" : ""}${above}${blank}${text}${behind}\n${printRemarks(line.below, REMARK_INDENT, false)}`;
  });
  const last = atEnd.slice(lines.at(-1)?.below.length ?? 0);
  return printed.join("") + (last.length > 0 ? `\n${printRemarks(last, 0, true)}` : "");
}

/** Items have a blank line above them; `let`s and defaults beside each other, and steps of tests, as the author likes. */
function isSetApart(line: Line, before: Line | undefined, item: string | undefined): boolean {
  if (before === undefined) return false;
  const isWished = line.above[0]?.isApart ?? line.isApart;
  if (line.item === undefined) return item === "testItem" && isWished;
  const isRow = line.item === before.item && (line.item === "let" || line.item === "default");
  return isRow ? isWished : true;
}

/** The blank line above the first one is the business of what they stand above. */
function printRemarks(remarks: readonly Remark[], indent: number, keepsBlanks: boolean): string {
  const blank = " ".repeat(indent);
  return remarks
    .map(({ text, isApart }, at) => `${keepsBlanks && isApart && at > 0 ? "\n" : ""}${blank}${text}\n`)
    .join("");
}

/** `let`s right below each other have their `=` in one column. */
function nameWidths(lines: readonly Line[]): ReadonlyMap<Line, number> {
  const widths = new Map<Line, number>();
  let row: Line[] = [];
  for (const [index, line] of lines.entries()) {
    const isNext = line.item === "let" && lines[index - 1]?.item === "let" && line.above.length === 0 && !line.isApart;
    if (!isNext) row = [];
    row.push(line);
    const width = Math.max(...row.map((one) => one.pieces[1]?.token.image.length ?? 0));
    if (line.item === "let" && row.length > 1) for (const one of row) widths.set(one, width);
  }
  return widths;
}
