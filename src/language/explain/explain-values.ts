// Values as other languages have them: `True`, `None`, `min(a, b)`, a text without quotes.
import { FUNCTION_NAMES } from "../../expression/jsonata/jsonata-names.ts";
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { isExpected, nextOf, type Before } from "./habit.ts";
import type { Token } from "../text/lexer.ts";
import { helpForFunction } from "./other-functions.ts";

export function valueHelp(mistake: GrammarMistake, token: Token, [one, two, three]: Before): string | undefined {
  const { image, payload } = token;
  if (token.isFirstOnLine) return undefined;
  const previous = mistake.tokens[mistake.at - 1];
  if (payload.kind === "expression" && two === "=" && previous !== undefined && touches(previous, token))
    return callHelp(one, image);
  const isValue = isExpected(mistake, "STRING") && isExpected(mistake, "VAR") && !isExpected(mistake, "WORD");
  if (two === "given" || !isValue || !/^[A-Za-z_][\w-]*$/.test(image)) return undefined;
  const literal = LITERALS.get(image.toLowerCase());
  if (literal === "null" && CONDITIONS.has(three)) return nullHelp(two);
  if (literal !== undefined) return `write \`${literal}\``;
  const next = nextOf(mistake);
  if (next?.payload.kind === "expression" && touches(token, next)) return callHelp(image, next.image);
  return `a text is quoted: "${image}"; what a \`let\` holds is \`$${image}\`, and a field of the body is \`(${image})\``;
}

/** What says of a field that there is nothing. */
function nullHelp(field: string): string {
  return `write \`null\`; of a field that is not there, \`without ${field}\``;
}

export const NULLS: ReadonlySet<string> = new Set(["null", "none", "nil", "undefined"]);

const CONDITIONS: ReadonlySet<string> = new Set(["with", "and", "expect"]);

const LITERALS: ReadonlyMap<string, string> = new Map([
  ["true", "true"],
  ["false", "false"],
  ...[...NULLS].map((word) => [word, "null"] as const),
]);

function touches(first: Token, second: Token): boolean {
  return first.startOffset + first.image.length === second.startOffset;
}

/** `Math.min` and `(a, b)` → `($min([a, b]))`. */
function callHelp(written: string, given: string): string {
  const called = written.split(".").at(-1) ?? written;
  const name = FUNCTION_NAMES.has(called) ? called : called.toLowerCase();
  const help = "an expression stands in round brackets";
  if (!FUNCTION_NAMES.has(name))
    return `${help}, \`(…)\`; in it, ${helpForFunction(`there is no function \`$${name}\``) ?? "functions are JSONata's: `$name(…)`"}`;
  const isListed = OF_LISTS.has(name) && given.includes(",") && !given.startsWith("([");
  return `${help}: \`($${name}${isListed ? `([${given.slice(1, -1)}])` : given})\``;
}

/** Elsewhere they take their values one by one. */
const OF_LISTS: ReadonlySet<string> = new Set(["min", "max", "sum", "average", "count"]);
