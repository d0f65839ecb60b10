// Where the next item certainly starts: what an open bracket or text that nobody closed cannot reach beyond.

/**
 * A line that neither JSON nor JSONata can hold: a word that starts an item and, beside it, what follows there. (In
 * JSONata two operands never stand side by side; `and`, `or` and `in` are operators.)
 */
const ITEM_LINE =
  /[ \t]*(?:(?:rule|exception|let)[ \t]+(?!(?:and|or|in)\b)[A-Za-z_]|default[ \t]+(?:allow|block)\b|test[ \t]+"|@[a-z])/y;

export function isItemLine(text: string, lineStart: number): boolean {
  ITEM_LINE.lastIndex = lineStart;
  return ITEM_LINE.test(text);
}

/** Offset of the first line after `from` that starts an item, or the end of the text. */
export function nextItemLine(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    at = nextLine(text, at);
    if (isItemLine(text, at)) return at;
  }
  return text.length;
}

export function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text[at])) at += 1;
  return at;
}

export function isLineEnd(character: string | undefined): boolean {
  return character === "\n" || character === "\r";
}

function nextLine(text: string, from: number): number {
  let at = endOfLine(text, from);
  while (at < text.length && isLineEnd(text[at])) at += 1;
  return at;
}
