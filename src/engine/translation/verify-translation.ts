// Whether a translator's answer may stand in the source's place. It is an untrusted text that a model will read.
import { hasMarkup } from "./protect-inline.ts";
import { protectText } from "./protected-text.ts";
import { type Unit, tokensOf, wordsOf } from "./unit.ts";

/** `answer`: with marks as `tokenMark` makes them. What is wrong with it; `undefined`: nothing is. */
export function faultOf(unit: Unit, answer: string): string | undefined {
  const source = wordsOf(unit);
  const words = answer.replaceAll(MARK, " ");
  if (words.trim() === "") return "it is empty";
  if (!hasSameTokens(unit, answer)) return "what has to stay is not all there, once";
  if (linesIn(answer) !== linesIn(unit.segments.map(({ kind, text }) => (kind === "words" ? text : "")).join(""))) {
    return "it has another number of lines";
  }
  if (numbersIn(words) !== numbersIn(source)) return "a number is another";
  if (hasMarkup(words)) return "it brings a link, a tag or code";
  if (invisibleIn(words).some((char) => !source.includes(char))) return "it brings characters that nobody sees";
  return lengthFault(source, words);
}

const MARK = /⟦\d{1,9}⟧/g;

function hasSameTokens(unit: Unit, answer: string): boolean {
  const marks = (answer.match(MARK) ?? []).map((mark) => Number(mark.slice(1, -1)));
  const isOnce = marks.toSorted((one, other) => one - other).every((mark, index) => mark === index);
  const isAll = marks.length === tokensOf(unit).length;
  return isOnce && isAll && !/[⟦⟧]/.test(answer.replaceAll(MARK, ""));
}

function linesIn(text: string): number {
  return text.split("\n").length;
}

/** Digits only: other languages group them otherwise (`1,000.5` is `1 000,5`). In no order. */
function numbersIn(text: string): string {
  const numbers = text.match(/\p{Nd}+(?:[.,'’\u00a0\u202f ]\p{Nd}{3}(?!\p{Nd}))*(?:[.,]\p{Nd}+)?/gu) ?? [];
  return numbers
    .map((number) => number.replaceAll(/\P{Nd}/gu, ""))
    .toSorted()
    .join(" ");
}

/** Control and format characters; the two joiners belong to the spelling of some languages. */
function invisibleIn(text: string): readonly string[] {
  return (
    text.match(/[\p{Cc}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu)?.filter((char) => char !== "\n") ?? []
  );
}

/** Below this many characters the proportion says nothing. */
const SHORT = 20;

function lengthFault(source: string, words: string): string | undefined {
  const [from, to] = [source.trim().length, words.trim().length];
  if (to > 4 * Math.max(from, SHORT)) return "it is much longer";
  return from > SHORT && to < 0.3 * from ? "it is much shorter" : undefined;
}

/** What stands in `text` and has to stand in what a human made of it as well, and does not. */
export function lostIn(text: string, translation: string): readonly string[] {
  const tokens = protectText(text, { names: [], terms: [] }).flatMap((part) =>
    part.kind === "unit" ? tokensOf(part.unit) : [],
  );
  let rest = translation;
  return tokens.filter((token) => {
    const at = rest.indexOf(token);
    if (at !== -1) rest = rest.slice(0, at) + rest.slice(at + token.length);
    return at === -1;
  });
}
