// A text somebody wrote, and where an offset in it stands: lines and columns as people count them.

export interface SourceText {
  /** As the person named it; shown in diagnostics. */
  readonly path: string;
  readonly text: string;
}

/** 1-based. A column is one character (code point); a tab counts as one. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionAt(source: SourceText, offset: number): Position {
  const starts = lineStartsOf(source);
  const line = lineIndexAt(starts, offset);
  const before = source.text.slice(starts[line] ?? 0, offset);
  return { line: line + 1, column: codePointCount(before) + 1 };
}

/** Where a position stands; beyond the end of its line, there. */
export function offsetAt(source: SourceText, { line, column }: Position): number {
  const { start, end } = lineRange(source, line);
  let offset = start;
  for (let at = 1; at < column && offset < end; at += 1)
    offset += (source.text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}

/** The line with this 1-based number, without its line end; empty beyond the last. */
export function lineText(source: SourceText, line: number): string {
  const range = lineRange(source, line);
  return source.text.slice(range.start, range.end);
}

/** Offsets of a 1-based line, its line end not included. */
export function lineRange(source: SourceText, line: number): { readonly start: number; readonly end: number } {
  const starts = lineStartsOf(source);
  const start = starts[line - 1] ?? source.text.length;
  let end = starts[line] ?? source.text.length;
  while (end > start && isLineEnd(source.text.charCodeAt(end - 1))) end -= 1;
  return { start, end };
}

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

export function isLineEnd(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

const startsBySource = new WeakMap<SourceText, readonly number[]>();

function lineStartsOf(source: SourceText): readonly number[] {
  const known = startsBySource.get(source);
  if (known !== undefined) return known;
  const starts = findLineStarts(source.text);
  startsBySource.set(source, starts);
  return starts;
}

/** `\n`, `\r\n` and a lone `\r` end a line. */
function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) starts.push(at + 1);
    if (code === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED) starts.push(at + 1);
  }
  return starts;
}

function lineIndexAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function codePointCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
