// Actions as other languages have them, each with the form here.
import { groupOf } from "../grammar/expectations.ts";
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { nextOf, restOfLine, type Before } from "./habit.ts";
import type { Token } from "../text/lexer.ts";

export function actionHelp(mistake: GrammarMistake, token: Token, [one, two]: Before): string | undefined {
  return token.isFirstOnLine ? firstWord(mistake, token) : laterWord(mistake, token.image, [one, two]);
}

function firstWord(mistake: GrammarMistake, { image }: Token): string | undefined {
  const next = nextOf(mistake);
  if (next === undefined) return undefined;
  const isAction = mistake.expected.some((other) => groupOf(other) === "action");
  if (next.image === "=" && isAction && /^[A-Za-z_][\w.[\]*-]*$/.test(image))
    return `write \`set ${image} ${restOfLine(mistake, 1)}\``;
  switch (image) {
    case "prefix":
      return `write \`rename to ${next.image.replaceAll('"', "").replace(/\*?$/, "*")}\``;
    case "suffix":
      return `write \`rename to *${next.image.replaceAll('"', "").replace(/^\*/, "")}\``;
    case "replace": {
      const [, , by] = mistake.tokens.slice(mistake.at + 1).map((other) => other.image);
      return next.payload.kind === "regex" ? `write \`redact ${next.image} as ${by ?? '"…"'}\`` : undefined;
    }
    case "then":
      return `leave \`then\` out: \`${restOfLine(mistake, 1)}\``;
    default:
      return undefined;
  }
}

function laterWord(mistake: GrammarMistake, image: string, [one, two]: readonly [string, string]): string | undefined {
  if (image === "to" && two === "set") return `write \`set ${one} = ${restOfLine(mistake, 1)}\``;
  if (image === "=" && two === "rewrite")
    return `\`rewrite\` takes an expression, \`set\` a value: write \`set ${one} = ${restOfLine(mistake, 1)}\``;
  if (image === "and" && two === "remove")
    return `fields are joined by \`,\`: \`remove ${one}, ${restOfLine(mistake, 1)}\``;
  const next = nextOf(mistake);
  if (one === "add" && next?.image === "=") return `write \`add ${restOfLine(mistake, 2)} to ${image}\``;
  if (one === "rename" && next?.image === "to")
    return `what is renamed is the target of the rule: \`rename to ${mistake.tokens[mistake.at + 2]?.image ?? "…"}\``;
  if (image.startsWith('"') && two === "rewrite") return `a value is written by \`set\`: \`set ${one} = ${image}\``;
  if (/^(?:with|by|to|into)$/.test(image) && two === "redact" && next?.payload.kind === "text")
    return `write \`redact ${one} as ${next.image}\``;
  if (image === "as" && two === "answer") return "`as error` is for `block`: an answer is a result";
  if (image === "to" && one.startsWith('"') && isLog(mistake))
    return `where a line goes is said before its text: \`log to ${restOfLine(mistake, 1)} ${one}\``;
  if (REASONS.test(image) && /^(?:block|ask|answer|log)$/.test(one) && next?.payload.kind === "text")
    return `write \`${one} ${restOfLine(mistake, 1)}\``;
  return undefined;
}

/** `block because "…"` */
const REASONS = /^(?:with|because|reason|saying|using|=)$/;

/** `log`, perhaps a level, and a text stand before. */
function isLog({ tokens, at }: GrammarMistake): boolean {
  return tokens.slice(Math.max(0, at - 4), at).some(({ image }) => image === "log");
}
