// Clauses as other languages have them, each with the form here.
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { isAnyPattern, isExpected, nextOf, patternFor, restOfLine, type Before } from "./habit.ts";
import type { Token } from "../text/lexer.ts";

export function clauseHelp(
  mistake: GrammarMistake,
  { image, payload }: Token,
  [one, two, three]: Before,
): string | undefined {
  if (image === "if" && isExpected(mistake, "WITH")) return `write \`with ${restOfLine(mistake, 1)}\``;
  const form = payload.kind === "text" && one === "with" ? patternFor(`${two}with`, image) : undefined;
  if (form !== undefined) return `write \`with ${three} ${form}\``;
  const next = nextOf(mistake);
  if (image === "in" && next?.image.startsWith("$") === true)
    return `write \`${one} ${next.image}\`: one of its alternatives is enough`;
  if (image === "in" && next !== undefined && isAnyPattern(next) && isExpected(mistake, "ON"))
    return /^(?:with|and|or)$/.test(two) ? `write \`${one} ${next.image}\`` : serverHelp(mistake, next.image);
  if (PRINCIPALS.has(image) && one === "when")
    return `who asks is said behind the target: \`when tools/call * for ${image} ${next?.image ?? "…"}\``;
  return undefined;
}

/** `tool * in files`; `in shadow` is a setting. */
function serverHelp(mistake: GrammarMistake, next: string): string | undefined {
  return /^(?:shadow|canary)$/.test(next)
    ? undefined
    : `which server it is, \`on\` says: \`on ${restOfLine(mistake, 1)}\``;
}

const PRINCIPALS: ReadonlySet<string> = new Set(["client", "user", "group", "profile"]);
