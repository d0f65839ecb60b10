// What explanations of other languages' habits look at: the words around the one that does not fit.
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import type { Token } from "../text/lexer.ts";

/** A message and its help, or nothing to say. */
export type TokenHabit = (
  mistake: GrammarMistake,
  token: Token,
  before: Before,
) => readonly [string, string] | undefined;

/** What to write in the place of a token, which does not fit; `undefined`: nothing to say. */
export type HelpFor = (mistake: GrammarMistake, token: Token, before: Before) => string | undefined;

/** The words before the one that does not fit, the nearest first. */
export type Before = readonly [string, string, string];

export function isExpected({ expected }: GrammarMistake, type: string): boolean {
  return expected.some((one) => one.type === type);
}

/** The next word of the line, if there is one. */
export function nextOf({ tokens, at }: GrammarMistake): Token | undefined {
  const next = tokens[at + 1];
  return next?.isFirstOnLine === false ? next : undefined;
}

/** What stands on the line of the token that does not fit, from there on, without its first `skipped` tokens. */
export function restOfLine({ tokens, at, source }: GrammarMistake, skipped: number): string {
  const first = tokens[at + skipped];
  if (first === undefined || (skipped > 0 && first.isFirstOnLine)) return "…";
  let last = first;
  for (const token of tokens.slice(at + skipped + 1)) {
    if (token.isFirstOnLine) break;
    last = token;
  }
  const [line = ""] = source.text.slice(first.startOffset, last.startOffset + last.image.length).split(/[\n\r]/);
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** All that stands on the line before a token. */
export function lineBefore({ tokens, source }: GrammarMistake, at: number): string {
  const end = tokens[at]?.startOffset ?? source.text.length;
  return source.text.slice(Math.max(source.text.lastIndexOf("\n", end - 1) + 1, end - 200), end);
}

export function isPattern({ payload, image }: Pick<Token, "payload" | "image">): boolean {
  return payload.kind === "text" || (payload.kind === "bare" && /^\w/.test(image));
}

/** Likewise a regular expression, and what a `let` holds. */
export function isAnyPattern(token: Token): boolean {
  return isPattern(token) || token.payload.kind === "regex" || token.image.startsWith("$");
}

/** All tokens up to the one before `at` that are joined to it by `|` or `or`, as alternatives. */
export function alternativesAround({ tokens, at }: GrammarMistake, first: number): string {
  const images = [tokens[first]?.image ?? "…"];
  for (let index = first + 1; index < tokens.length; index += 2) {
    const [joint, pattern] = [tokens[index], tokens[index + 1]];
    const isJoint = joint?.image === "|" || joint?.image === "or";
    if (!isJoint || pattern === undefined || (index > at && joint.isFirstOnLine)) break;
    images.push(pattern.image);
  }
  return images.join(" | ");
}

/** `startswith "/a"` → `"/a/**"`; of words that a pattern needs not, the pattern alone. */
export function patternFor(word: string, image: string): string | undefined {
  const text = image.replace(/^"|"$/g, "");
  switch (word.toLowerCase().replace(/[_-]/g, "")) {
    case "startswith":
    case "beginswith":
      return text.startsWith("/") ? `"${text.replace(/\/$/, "")}/**"` : `"${text}**"`;
    case "endswith":
      return text.startsWith(".") || !text.includes("/") ? `"**${text}"` : `"**/${text.replace(/^\//, "")}"`;
    case "contains":
    case "includes":
      return `"**${text}**"`;
    case "like":
      return image.startsWith('"') ? `"${text.replace(/%+/g, "**")}"` : image;
    case "is":
    case "equals":
    case "matches":
    case "matching":
    case "in":
    case "eq":
      return /^(?:true|false|null)$/i.test(image) ? image.toLowerCase() : image;
    default:
      return undefined;
  }
}
