// Conditions as other languages have them: `not`, `is null`, `startswith`, `in [...]`, each with the form here.
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { type Before, isAnyPattern, lineBefore, nextOf, patternFor, restOfLine } from "./habit.ts";
import { NULLS } from "./explain-values.ts";
import type { Token } from "../text/lexer.ts";
import { takenOut } from "./negation.ts";

export function conditionHabits(
  mistake: GrammarMistake,
  token: Token,
  before: Before,
): readonly [string, string] | undefined {
  const { image } = token;
  const [one, two] = before;
  if (one === "where") return whereHabit(mistake, image);
  if (one === "not" && two !== "with" && isAnyPattern(token)) {
    const help = takenOut(lineBefore(mistake, mistake.at - 1), negatedPattern(mistake, image));
    return ["a condition is not negated with `not`", help];
  }
  const absent = nullHabit(mistake, image, before);
  if (absent !== undefined) return [`\`${image}\` does not fit here`, absent];
  const form =
    isAnyPattern(token) && mistake.expected.some(({ type }) => type === "BAR") ? patternFor(one, image) : undefined;
  if (form !== undefined) return [`\`${one}\` is no word of the language`, `write \`${two} ${form}\``];
  const isList = image === "in" && mistake.tokens[mistake.at + 1]?.image.startsWith("[") === true;
  if (isList && mistake.expected.some(({ type }) => type === "WORD"))
    return ["`in` does not fit here", `alternatives are joined by \`|\`: \`${one} ${alternatives(mistake)}\``];
  if (image === "or" && mistake.expected.some(({ type }) => type === "AND"))
    return [
      "`or` does not fit here",
      '`or` joins fields that share one test: `with a or b "x"`; for tests of their own make it two rules, or `where (a = "x" or b = "y")`',
    ];
  return undefined;
}

/** `currency is null`, `currency is not null` */
function nullHabit(mistake: GrammarMistake, image: string, [one, two, three]: Before): string | undefined {
  if (!/^(?:is|eq|equals)$/.test(one) || !CONDITIONS.test(three)) return undefined;
  if (NULLS.has(image.toLowerCase()))
    return `of a field that is not there, \`without ${two}\`; of one that is null, \`${three} ${two} = null\``;
  const isNegated = image === "not" && NULLS.has(nextOf(mistake)?.image.toLowerCase() ?? "");
  if (!isNegated) return undefined;
  return three === "expect" ? `write \`expect ${two} != null\`` : `write \`${three} ${two} and ${two} != null\``;
}

const CONDITIONS = /^(?:with|and|expect)$/;

/** `not matching "/a"`: the pattern comes behind the word. */
function negatedPattern({ tokens, at }: GrammarMistake, image: string): string {
  const next = tokens[at + 1];
  const form = next !== undefined && !next.isFirstOnLine ? patternFor(image, next.image) : undefined;
  return form ?? image;
}

function whereHabit(mistake: GrammarMistake, image: string): readonly [string, string] | undefined {
  const { tokens, at } = mistake;
  const line = restOfLine(mistake, 0);
  if (image === "not")
    return ["`where` takes an expression in round brackets", `write \`except where ${restOfLine(mistake, 1)}\``];
  const isComparison = /^(?:[=<>]|!=|<=|>=)$/.test(tokens[at + 1]?.image ?? "");
  return [
    "`where` takes an expression in round brackets",
    `write \`${isComparison ? "with" : "where"} ${isComparison ? line : `(${line})`}\``,
  ];
}

function alternatives({ tokens, at }: GrammarMistake): string {
  const payload = tokens[at + 1]?.payload;
  const values = payload?.kind === "json" && Array.isArray(payload.value) ? payload.value : [];
  return values.map((value) => JSON.stringify(value)).join(" | ") || "a | b";
}
