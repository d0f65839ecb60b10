// A rule without its first line: its `when` stands where an item begins, or is taken for the one of the default above it.
import type { Diagnostic, Span } from "../../source/diagnostic.ts";
import { spanOfToken } from "../tree/cst.ts";
import { groupOf } from "../grammar/expectations.ts";
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import type { Token } from "../text/lexer.ts";
import { error } from "../report.ts";
import { ACTION_WORDS } from "../words.ts";

export function explainNameless(mistake: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const { expected, source } = mistake;
  if (token.image === "when" && token.isFirstOnLine && expected.some((one) => groupOf(one) === "item"))
    return nameless(span, "give the rule a name on the line above, such as `rule no-secrets`");
  const when = whenOfDefault(mistake, token);
  if (when === undefined) return undefined;
  const help = "give the rule a name on the line above: as it stands, this is the `when` of the default above it";
  return nameless(spanOfToken(when, source.path), help);
}

/** `default allow`, below it `when …`, and below that what only a rule has. */
function whenOfDefault({ tokens, at }: GrammarMistake, token: Token): Token | undefined {
  if (tokens[0]?.image !== "default" || !token.isFirstOnLine || !ACTIONS.has(token.image)) return undefined;
  return tokens.slice(0, at).find(({ image, isFirstOnLine }) => image === "when" && isFirstOnLine);
}

function nameless(span: Span, help: string): Diagnostic {
  return error("MR202", span, "`rule` is missing before `when`", help);
}

const ACTIONS: ReadonlySet<string> = new Set(ACTION_WORDS);
