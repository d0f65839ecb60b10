// Diagnostics as people read them, each drawn below the line it is about.
import { cellsOf, type Cell, printable } from "./display-width.ts";
import type { Diagnostic, Span } from "./diagnostic.ts";
import { lineRange, lineText, positionAt, type SourceText } from "./source-text.ts";

/** Every diagnostic as a code frame, in the order given, a blank line between two; the empty text when there are none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], sources: readonly SourceText[]): string {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return diagnostics.map((diagnostic) => `${renderOne(diagnostic, byPath)}\n`).join("\n");
}

type Sources = ReadonlyMap<string, SourceText>;

function renderOne(diagnostic: Diagnostic, sources: Sources): string {
  const related = diagnostic.related ?? [];
  const margin = Math.max(
    ...[diagnostic.span, ...related.map((place) => place.span)].map((span) => marginOf(span, sources)),
  );
  const lines = [
    `${diagnostic.severity}[${diagnostic.code}]: ${printable(diagnostic.message)}`,
    ...frame(diagnostic.span, sources, margin, "^", ""),
    ...related.flatMap((place) => frame(place.span, sources, margin, "-", ` ${printable(place.message)}`)),
  ];
  const blank = " ".repeat(margin);
  if (diagnostic.help !== undefined) lines.push(...helpLines(diagnostic.help, blank));
  return lines.join("\n");
}

function helpLines(help: string, blank: string): readonly string[] {
  const lead = `${blank} = help: `;
  return help.split("\n").map((line, index) => (index === 0 ? lead : " ".repeat(lead.length)) + printable(line));
}

/** Width of the largest line number shown for this place. */
function marginOf(span: Span, sources: Sources): number {
  const source = sources.get(span.file);
  return source === undefined ? 1 : String(positionAt(source, span.start).line).length;
}

function frame(span: Span, sources: Sources, margin: number, mark: string, note: string): readonly string[] {
  const blank = " ".repeat(margin);
  const source = sources.get(span.file);
  if (source === undefined) return [`${blank}--> ${printable(span.file)}${note === "" ? "" : `:${note}`}`];
  const { line, column } = positionAt(source, span.start);
  const drawn = drawLine(source, line, span);
  const before = lineText(source, line - 1).trim() === "" ? undefined : drawLine(source, line - 1, undefined);
  const numbered = (number: number, text: string): string => `${String(number).padStart(margin)} | ${text}`.trimEnd();
  return [
    `${blank}--> ${printable(span.file)}:${String(line)}:${String(column)}`,
    ...(line > 1 && before !== undefined ? [numbered(line - 1, before.text)] : []),
    numbered(line, drawn.text),
    `${blank} | ${" ".repeat(drawn.from)}${mark.repeat(Math.max(1, drawn.to - drawn.from))}${note}`,
  ];
}

interface DrawnLine {
  readonly text: string;
  /** Cells the span takes; of a span over several lines, to the end of its first. */
  readonly from: number;
  readonly to: number;
}

/** A line wider than this is cut to the part around the span. */
const MAX_WIDTH = 160;
const LEAD = 40;

function drawLine(source: SourceText, line: number, span: Span | undefined): DrawnLine {
  const range = lineRange(source, line);
  const start = span === undefined ? range.start : span.start;
  const cutStart = alignToCharacter(
    source.text,
    Math.max(range.start, range.end - range.start > MAX_WIDTH ? start - LEAD : range.start),
  );
  const cutEnd = alignToCharacter(source.text, Math.min(range.end, cutStart + MAX_WIDTH));
  const cells: Cell[] = cutStart > range.start ? [ELLIPSIS] : [];
  let width = cells.length;
  let from = width;
  let to = width;
  let at = cutStart;
  for (const character of source.text.slice(cutStart, cutEnd)) {
    const drawn = cellsOf(character, width);
    if (at < start) from = width + widthOf(drawn);
    if (span !== undefined && at < span.end) to = width + widthOf(drawn);
    width += widthOf(drawn);
    at += character.length;
    cells.push(...drawn);
  }
  if (cutEnd < range.end) cells.push(ELLIPSIS);
  return { text: cells.map((cell) => cell.text).join(""), from, to };
}

const ELLIPSIS: Cell = { text: "…", width: 1 };

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

/** Never between the two halves of a surrogate pair. */
function alignToCharacter(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  return code >= 0xdc00 && code <= 0xdfff ? offset - 1 : offset;
}
