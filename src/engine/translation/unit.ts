// A piece of prose as a translator gets it: words, and numbered tokens for all that has to stay as it is.

export interface Unit {
  /** Texts, and what stands for a token: the n-th of them is token n. */
  readonly segments: readonly Segment[];
}

export type Segment =
  | { readonly kind: "words"; readonly text: string }
  /** As it stands in the source. */
  | { readonly kind: "token"; readonly text: string };

/** As providers that have no markup of their own get it. The brackets stand in no source: there they are tokens too. */
function tokenMark(index: number): string {
  return `⟦${index}⟧`;
}

/** `words` and `token`: how a provider writes them. */
export function writeUnit(
  { segments }: Unit,
  words: (text: string) => string = (text) => text,
  token: (index: number) => string = tokenMark,
): string {
  let index = 0;
  return segments.map(({ kind, text }) => (kind === "words" ? words(text) : token(index++))).join("");
}

export function tokensOf({ segments }: Unit): readonly string[] {
  return segments.flatMap(({ kind, text }) => (kind === "token" ? [text] : []));
}

/** The words alone. */
export function wordsOf({ segments }: Unit): string {
  return segments.flatMap(({ kind, text }) => (kind === "words" ? [text] : [])).join(" ");
}

/** `answer`: with marks as `tokenMark` makes them, every one of which has been checked. */
export function fillTokens(unit: Unit, answer: string): string {
  const tokens = tokensOf(unit);
  return answer.replaceAll(/⟦(\d{1,9})⟧/g, (mark, index: string) => tokens[Number(index)] ?? mark);
}
