// What stands between the tokens of a policy besides blanks: comments and blank lines.
import type { Comment, Token } from "./lexer.ts";

export interface Gap {
  /** A comment on the line of the token before. */
  readonly behind: string | undefined;
  /** Comments on lines of their own. */
  readonly own: readonly Remark[];
  /** A blank line stands right above the next token, or at the end. */
  readonly endsApart: boolean;
}

export interface Remark {
  /** With its `#`, without blanks at its end. */
  readonly text: string;
  /** A blank line stands above it. */
  readonly isApart: boolean;
  /** Not at the very start of its line. */
  readonly isIndented: boolean;
}

/** One before each token, and one at the end. */
export function gapsOf(text: string, tokens: readonly Token[], comments: readonly Comment[]): readonly Gap[] {
  const ends = [...tokens.map((token) => token.startOffset), text.length];
  let next = 0;
  return ends.map((end, index) => {
    const first = next;
    while ((comments[next]?.startOffset ?? text.length) < end) next += 1;
    return readGap(text, tokens[index - 1], end, comments.slice(first, next));
  });
}

function readGap(text: string, before: Token | undefined, end: number, comments: readonly Comment[]): Gap {
  let from = before === undefined ? 0 : endOf(before);
  const [first] = comments;
  const isBehind = before !== undefined && first !== undefined && !hasLineEnd(text.slice(from, first.startOffset));
  if (isBehind) from = endOf(first);
  const own = comments.slice(isBehind ? 1 : 0).map((comment) => {
    const above = text.slice(from, comment.startOffset);
    from = endOf(comment);
    return { text: comment.image.trimEnd(), isApart: hasBlankLine(above), isIndented: /[ \t]$/.test(above) };
  });
  return { behind: isBehind ? first.image.trimEnd() : undefined, own, endsApart: hasBlankLine(text.slice(from, end)) };
}

function endOf(token: Comment): number {
  return token.startOffset + token.image.length;
}

function hasLineEnd(blank: string): boolean {
  return /[\n\r]/.test(blank);
}

function hasBlankLine(blank: string): boolean {
  return /(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)/.test(blank);
}
