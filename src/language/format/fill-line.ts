// One line of the layout from its tokens: filled up to a width, broken where it may be, its comments kept.
import { formatJson, WIDTH } from "./format-json.ts";
import type { Remark } from "../text/gaps.ts";
import type { Break } from "./layout.ts";
import type { Token } from "../text/lexer.ts";

export interface Piece {
  readonly token: Token;
  /** The line may be broken before it. */
  readonly breaks: Break | undefined;
  /** A comment that ends the line before it. */
  readonly behind: string | undefined;
  /** Comments on lines of their own before it. */
  readonly above: readonly Remark[];
}

/** Lines that go on are indented by this much more. */
const HANGING = 2;

/** `nameWidth`: what the second token is filled up to with blanks, so that the `=` of neighbours stand in one column. */
export function fillLine(pieces: readonly Piece[], indent: number, nameWidth: number): string {
  const line: Line = { out: " ".repeat(indent), column: indent, indent };
  for (const [at, piece] of pieces.entries()) {
    const isForced = piece.behind !== undefined || piece.above.length > 0;
    if (piece.behind !== undefined) line.out += ` ${piece.behind}`;
    if (isForced) addRemarks(piece.above, line);
    const isFull = piece.breaks !== undefined && !hasRoom(pieces, at, line);
    if (isForced || isFull) startLine(line);
    else if (at > 0 && piece.token.image !== ",") add(" ", line);
    add(textOf(piece.token, line), line);
    if (at === 1 && nameWidth > 0) add(" ".repeat(Math.max(0, nameWidth - piece.token.image.length)), line);
  }
  return line.out;
}

interface Line {
  out: string;
  column: number;
  readonly indent: number;
}

function startLine(line: Line): void {
  const blank = " ".repeat(line.indent + HANGING);
  line.out += `\n${blank}`;
  line.column = blank.length;
}

function addRemarks(remarks: readonly Remark[], line: Line): void {
  for (const remark of remarks) {
    startLine(line);
    line.out += remark.text;
  }
}

function add(text: string, line: Line): void {
  const lastLine = text.lastIndexOf("\n");
  line.out += text;
  line.column = lastLine === -1 ? line.column + text.length : text.length - lastLine - 1;
}

/** A part is kept together where it fits on a line of its own. */
function hasRoom(pieces: readonly Piece[], at: number, line: Line): boolean {
  const part = widthOfRun(pieces, at, (piece) => piece.breaks === "part");
  const isWhole = pieces[at]?.breaks === "part" && line.indent + HANGING + part <= WIDTH;
  const width = isWhole ? part : widthOfRun(pieces, at, (piece) => piece.breaks !== undefined);
  return line.column + 1 + width <= WIDTH;
}

/** Columns from this piece to before the next one at which the run ends, JSON on one line. */
function widthOfRun(pieces: readonly Piece[], from: number, ends: (piece: Piece) => boolean): number {
  let width = -1;
  for (let at = from; at < pieces.length; at += 1) {
    const piece = pieces[at];
    if (piece === undefined || (at > from && (ends(piece) || piece.behind !== undefined || piece.above.length > 0)))
      break;
    const [first = ""] = textOf(piece.token, { out: "", column: 0, indent: 0 }, Number.POSITIVE_INFINITY).split("\n");
    width += piece.token.image === "," ? 1 : first.length + 1;
  }
  return width;
}

/** Expressions and texts stay as they are; a text over several lines has line feeds, whatever the file had. */
function textOf({ image, payload }: Token, line: Line, room = WIDTH - line.column): string {
  if (payload.kind === "json") return formatJson(image, line.indent, room);
  return payload.kind === "text" ? image.replaceAll(/\r\n?/g, "\n") : image;
}
