// Conditions with the operators of other languages: `= /x/`, `= "a" | "b"`, `between`, `without path "x"`, `or` for `|`.
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { alternativesAround, isAnyPattern, isExpected, lineBefore, nextOf, restOfLine, type Before } from "./habit.ts";
import type { Token } from "../text/lexer.ts";
import { notExpected, takenOut } from "./negation.ts";
import { TARGET_WORDS } from "../words.ts";

export function operatorHelp(mistake: GrammarMistake, token: Token, before: Before): string | undefined {
  return (
    joinedHelp(mistake, token, before) ??
    withoutHelp(mistake, token, before) ??
    comparisonHelp(mistake, token, before) ??
    rangeHelp(mistake, token, before)
  );
}

/** `on a or b`, `let x = a or b`; `currency = "EUR" | "USD"`. */
function joinedHelp(mistake: GrammarMistake, { image }: Token, [, two, three]: Before): string | undefined {
  const { tokens, at } = mistake;
  const isPatternOpen = isExpected(mistake, "BAR") && !isExpected(mistake, "AND");
  const next = nextOf(mistake);
  if (image === "or" && isPatternOpen && next !== undefined && isAnyPattern(next) && !isTarget(next.image))
    return `alternatives are joined by \`|\`: \`${alternativesAround(mistake, firstOfPattern(tokens, at))}\``;
  if (image !== "|" || !/^!?=$/.test(two) || !CONDITIONS.has(tokens[at - 4]?.image ?? "")) return undefined;
  const alternatives = alternativesAround(mistake, at - 1);
  if (two === "!=") return takenOut(lineBefore(mistake, at - 2), alternatives);
  return `a pattern has no \`=\`: write \`${three} ${alternatives}\``;
}

function isTarget(image: string): boolean {
  return /^[a-z]+\//i.test(image) || TARGETS.has(image);
}

const TARGETS: ReadonlySet<string> = new Set([...TARGET_WORDS, "reply"]);

function firstOfPattern(tokens: readonly Token[], at: number): number {
  let first = at - 1;
  while (tokens[first - 1]?.image === "|") first -= 2;
  return first;
}

/** `without path "/srv/**"`: what is not there has no value. */
function withoutHelp(mistake: GrammarMistake, token: Token, [one, two, three]: Before): string | undefined {
  const isCompared = COMPARE.test(token.image);
  if (two !== "without" || token.isFirstOnLine || (!isAnyPattern(token) && !isCompared)) return undefined;
  const rest = restOfLine(mistake, 0);
  if (three === "except") return `\`except\` negates already: write \`with ${one} ${rest}\` alone`;
  if (three === "expect") return notExpected(one, isCompared ? restOfLine(mistake, 1) : rest);
  return `write \`except with ${one} ${rest}\``;
}

/** A comparison before a pattern, or without a field before it. */
function comparisonHelp(mistake: GrammarMistake, token: Token, [one, two, three]: Before): string | undefined {
  const { image, payload } = token;
  const next = nextOf(mistake)?.image;
  if (payload.kind === "regex" && CONDITIONS.has(three) && one === "=")
    return `a pattern has no \`=\`: write \`${two} ${image}\``;
  if (payload.kind === "regex" && CONDITIONS.has(three) && one === "!=")
    return takenOut(lineBefore(mistake, mistake.at - 1), image);
  const doubled = next === undefined ? undefined : TYPED[`${one}${image}`];
  if (doubled !== undefined) return `write \`${two} ${doubled} ${next ?? "…"}\``;
  if (next === undefined || !COMPARE.test(image) || /^[=!<>]/.test(one)) return undefined;
  if (one === "and" && isExpected(mistake, "PATH")) return repeatedField(mistake, image, next);
  if (!isExpected(mistake, "WORD") || isExpected(mistake, "COMPARE")) return undefined;
  if (image === "=") return `a pattern has no \`=\`: write \`${one} ${next}\``;
  return image === "!=" ? takenOut(lineBefore(mistake, mistake.at), next) : undefined;
}

const COMPARE = /^(?:!=|[<>]=?|=)$/;

/** Signs that others write the other way round, or with other characters. */
const TYPED: Readonly<Record<string, string>> = { "=>": ">=", "=<": "<=", "<>": "!=" };

/** `amount > 10 and < 20` */
function repeatedField({ tokens, at }: GrammarMistake, image: string, next: string): string | undefined {
  const [field, comparison] = [tokens[at - 4]?.image ?? "", tokens[at - 3]?.image ?? ""];
  return COMPARE.test(comparison) ? `each condition names its field: \`and ${field} ${image} ${next}\`` : undefined;
}

/** `amount between 10 and 20` */
function rangeHelp({ tokens, at }: GrammarMistake, { image }: Token, [one, two]: Before): string | undefined {
  const [and, most] = [tokens[at + 1]?.image, tokens[at + 2]?.image ?? "…"];
  if (one !== "between" || and !== "and") return undefined;
  return `write \`${two} >= ${image} and ${two} <= ${most}\``;
}

const CONDITIONS: ReadonlySet<string> = new Set(["with", "and", "or", "expect"]);
