// Globs over plain text: what `*`, `**` and `?` stand for, compiled to the cheapest test that does.

export type GlobToken =
  | { readonly kind: "text"; readonly text: string }
  /** One character; in a path none that is `/`. */
  | { readonly kind: "one" }
  /** Any number of characters within one segment. */
  | { readonly kind: "segment" }
  /** Any number of any characters. */
  | { readonly kind: "any" }
  /** `/**` at the end of a path: nothing, or `/` and anything. */
  | { readonly kind: "below" }
  /** `/**` + `/` within a path: one `/`, or two with anything between. */
  | { readonly kind: "between" };

/** Where there are no segments, every `*` crosses everything. */
export function plainTokens(glob: string): readonly GlobToken[] {
  return split(glob, /\*+|\?/g, (mark) => (mark === "?" ? { kind: "one" } : { kind: "any" }));
}

/** `*` and `?` stay within a segment, `**` crosses. */
export function pathTokens(glob: string): readonly GlobToken[] {
  return split(glob, /\/\*\*+(?:\/(?:\*\*+\/)*|$)|\*+|\?/g, (mark) => {
    if (mark === "?") return { kind: "one" };
    if (mark === "*") return { kind: "segment" };
    if (mark.startsWith("/")) return { kind: mark.endsWith("/") ? "between" : "below" };
    return { kind: "any" };
  });
}

/** For plain tokens. */
export function plainTest(tokens: readonly GlobToken[]): (text: string) => boolean {
  const [first, second, third] = tokens;
  if (!first) return (text) => text === "";
  if (tokens.length === 1 && first.kind === "any") return () => true;
  if (tokens.length === 1 && first.kind === "text") return (text) => text === first.text;
  if (tokens.length === 2 && first.kind === "text" && second?.kind === "any")
    return (text) => text.startsWith(first.text);
  if (tokens.length === 2 && first.kind === "any" && second?.kind === "text")
    return (text) => text.endsWith(second.text);
  if (tokens.length === 3 && first.kind === "any" && second?.kind === "text" && third?.kind === "any") {
    return (text) => text.includes(second.text);
  }
  const pieces = piecesOf(tokens);
  return (text) => matchPieces(text, pieces, undefined);
}

/** What each `*` takes of a text that plain tokens match: the first as little as it can, and so on. */
export function plainCaptures(tokens: readonly GlobToken[], text: string): readonly string[] | undefined {
  const captures: string[] = [];
  return matchPieces(text, piecesOf(tokens), captures) ? captures : undefined;
}

function split(glob: string, marks: RegExp, tokenOf: (mark: string) => GlobToken): readonly GlobToken[] {
  const tokens: GlobToken[] = [];
  let end = 0;
  for (const match of glob.matchAll(marks)) {
    if (match.index > end) tokens.push({ kind: "text", text: glob.slice(end, match.index) });
    tokens.push(tokenOf(match[0]));
    end = match.index + match[0].length;
  }
  if (end < glob.length) tokens.push({ kind: "text", text: glob.slice(end) });
  return tokens;
}

/** What stands between the stars; `undefined` is one character of any kind. */
type Piece = readonly (string | undefined)[];

function piecesOf(tokens: readonly GlobToken[]): readonly Piece[] {
  const pieces: (string | undefined)[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "any") pieces.push([]);
    else pieces.at(-1)?.push(token.kind === "text" ? token.text : undefined);
  }
  return pieces;
}

function matchPieces(text: string, pieces: readonly Piece[], captures: string[] | undefined): boolean {
  const [first = [], ...others] = pieces;
  let end = endOfPiece(text, first, 0);
  if (end < 0) return false;
  const last = others.pop();
  if (!last) return end === text.length;
  for (const piece of others) {
    const start = findPiece(text, piece, end);
    if (start < 0) return false;
    captures?.push(text.slice(end, start));
    end = endOfPiece(text, piece, start);
  }
  const start = startOfLast(text, last, end);
  if (start < 0) return false;
  captures?.push(text.slice(end, start));
  return true;
}

/** Where the piece that starts at `at` ends, or -1. */
function endOfPiece(text: string, piece: Piece, at: number): number {
  let end = at;
  for (const part of piece) {
    if (part === undefined ? end >= text.length : !text.startsWith(part, end)) return -1;
    end += part === undefined ? characterLength(text, end) : part.length;
  }
  return end;
}

function findPiece(text: string, piece: Piece, from: number): number {
  const [only] = piece;
  if (piece.length === 1 && only !== undefined) return text.indexOf(only, from);
  for (let at = from; at <= text.length; at += characterLength(text, at)) {
    if (endOfPiece(text, piece, at) >= 0) return at;
  }
  return -1;
}

/** Where the last piece has to start to end with the text, if that is at or after `from`; else -1. */
function startOfLast(text: string, piece: Piece, from: number): number {
  let start = text.length;
  for (const part of piece.toReversed()) {
    if (part === undefined ? start <= 0 : !text.endsWith(part, start)) return -1;
    start -= part === undefined ? lengthBefore(text, start) : part.length;
  }
  return start >= from ? start : -1;
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function lengthBefore(text: string, end: number): number {
  return end > 1 && (text.codePointAt(end - 2) ?? 0) > 0xffff ? 2 : 1;
}
