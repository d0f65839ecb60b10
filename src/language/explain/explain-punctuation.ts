// Signs as other languages have them: colons behind words, commas and `or` between patterns, places in lists behind a dot.
import type { Diagnostic, Span } from "../../source/diagnostic.ts";
import { groupOf, wordsOf } from "../grammar/expectations.ts";
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { type Before, isExpected, restOfLine } from "./habit.ts";
import type { Token } from "../text/lexer.ts";
import { error } from "../report.ts";

/** `block: "…"`, `set limit: 50`, `items.0.price`. */
export function signHelp(mistake: GrammarMistake, { image }: Token, [one]: Before): string | undefined {
  const isField = isExpected(mistake, "PATH") || isExpected(mistake, "EPATH");
  const indexed = image.replace(/\.(\d+)(?=\.|$)/g, "[$1]");
  if (isField && indexed !== image && !image.endsWith(":"))
    return `a place in a list stands in brackets: \`${indexed}\`; all of them are \`${indexed.replace(/\[\d+\]/g, "[*]")}\``;
  const [, word] = /^([A-Za-z_][\w.-]*):$/.exec(image) ?? [];
  if (word === undefined || mistake.at === 0) return undefined;
  const rest = restOfLine(mistake, 1);
  if (wordsOf(mistake.expected).includes(word)) return `no colon: write \`${word} ${rest}\``;
  if (!isField) return undefined;
  return `no colon: write \`${one} ${word}${/^(?:set|supply)$/.test(one) ? " =" : ""} ${rest}\``;
}

export function explainPunctuation(
  { tokens, at, expected }: GrammarMistake,
  token: Token,
  span: Span,
): Diagnostic | undefined {
  const help = helpFor(token, tokens[at - 1]?.image, expected);
  return help === undefined ? undefined : error("MR201", span, `\`${token.image}\` does not fit here`, help);
}

function helpFor(token: Token, before: string | undefined, expected: GrammarMistake["expected"]): string | undefined {
  const { image } = token;
  const isWord = token.payload.kind === "bare" && /^[A-Za-z_]/.test(image);
  if (before === "or" && isWord && expected.some((one) => groupOf(one) === "target"))
    return "alternatives of a pattern are joined by `|`; `or` joins targets: `tool a or prompt b`";
  if (image === "and") return "`and` joins conditions behind one `with`; targets are joined by `or`";
  if (image === "of" && before === "request") return "a request is named by its method alone: `tools/call *`";
  if (before === "from") return "`from client` or `from server` says who sent it; which server it is says `on NAME`";
  if (image === "," && expected.some((one) => one.type === "BAR")) return "alternatives of a pattern are joined by `|`";
  if (image === "=" && before === "=") return "a comparison is written with one `=`";
  if (image === "|" && before === "|") return "alternatives of a pattern are joined by one `|`, conditions by `or`";
  return undefined;
}
