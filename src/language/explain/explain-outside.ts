// What people write of humans, counters, caches, tags, translators and modules as other languages have it, each with the form here.
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { type Before, type HelpFor, isExpected, nextOf, restOfLine } from "./habit.ts";
import type { Token } from "../text/lexer.ts";

export function outsideHelp(mistake: GrammarMistake, token: Token, before: Before): string | undefined {
  if (token.isFirstOnLine) return undefined;
  return quotedName(mistake, token) ?? wordedDuration(mistake, token, before) ?? helpFor(mistake, token, before);
}

const HELPS: ReadonlyMap<string, HelpFor> = new Map([
  ["ask", askHelp],
  ["limit", limitHelp],
  ["cache", cacheHelp],
  ["tag", tagHelp],
  ["translate", translateHelp],
  ["call", callHelp],
  ["human", humanHelp],
]);

/** By the action that the line is about. */
function helpFor(mistake: GrammarMistake, token: Token, before: Before): string | undefined {
  const { tokens, at } = mistake;
  for (let index = at - 1; index >= 0; index -= 1) {
    const word = tokens[index];
    const help = FIELD.test(tokens[index - 1]?.image ?? "") ? undefined : HELPS.get(word?.image ?? "");
    if (help !== undefined) return help(mistake, token, before);
    if (word === undefined || word.isFirstOnLine) return undefined;
  }
  return undefined;
}

/** Behind these, `limit` and its like are fields. */
const FIELD = /^(?:with|and|or|without|set|remove|rewrite|supply|add|in|of|to|,|=|!=|[<>]=?)$/;

/** `via "queue"`, `call "dlp"`. */
function quotedName(mistake: GrammarMistake, { payload }: Token): string | undefined {
  const isName = isExpected(mistake, "NAME") && !isExpected(mistake, "STRING");
  if (payload.kind !== "text" || !isName || !/^[a-z][a-z0-9_]*$/.test(payload.value)) return undefined;
  return `a name has no quotes: \`${payload.value}\``;
}

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(?:s|secs?|seconds?)$/, "s"],
  [/^(?:m|mins?|minutes?)$/, "m"],
  [/^(?:h|hrs?|hours?)$/, "h"],
  [/^(?:d|days?)$/, "d"],
];

function unitOf(word: string): string | undefined {
  return UNITS.find(([names]) => names.test(word))?.[1];
}

/** `per minute`, `for 5 minutes`. */
function wordedDuration(mistake: GrammarMistake, { image }: Token, [one]: Before): string | undefined {
  if (!isExpected(mistake, "DURATION")) return undefined;
  const alone = /^(?:per|for|within)$/.test(one) ? unitOf(image) : undefined;
  if (alone !== undefined) return `write \`${one} 1${alone}\``;
  const unit = unitOf(nextOf(mistake)?.image ?? "");
  return unit !== undefined && /^[0-9.]+$/.test(image) ? `write \`${one} ${image}${unit}\`` : undefined;
}

const DURATION = /^[0-9.]+(?:ms|s|m|h|d)$/;

function askHelp(mistake: GrammarMistake, { image }: Token, [one, two]: Before): string | undefined {
  const next = nextOf(mistake)?.image ?? "";
  if (/^(?:for|in|after|timeout)$/.test(image) && DURATION.test(next)) return `write \`within ${next}\``;
  if (image === "within" && two === "via") return `the time comes first: \`within ${next} via ${one}\``;
  if (image === "else") return "who does not say yes is refused: leave what follows out";
  if (/^(?:elicitation|url|queue)$/.test(next) && /^(?:using|by|on|in|to)$/.test(image)) return `write \`via ${next}\``;
  if (one !== "ask" || !next.startsWith('"')) return undefined;
  return `the question stands alone: \`ask ${restOfLine(mistake, 1)}\`; which way it is asked, \`via\` says behind it`;
}

const SHARERS = /^(?:client|user|group|profile)$/;

function limitHelp(mistake: GrammarMistake, { image }: Token, [one, two]: Before): string | undefined {
  const next = nextOf(mistake)?.image ?? "";
  if (image === "=" && one === "limit")
    return `write \`set limit ${restOfLine(mistake, 0)}\`; a count of messages is \`limit 50 per 1m\``;
  if (/^(?:every|in|each|a)$/.test(image)) return `write \`limit ${one} per ${DURATION.test(next) ? next : "1m"}\``;
  if (/^(?:requests?|calls?|messages?|times)$/.test(image))
    return `messages are counted anyway: \`limit ${one} ${restOfLine(mistake, 1)}\``;
  if (SHARERS.test(image) && one === "per")
    return `who shares it comes last: \`limit ${two} ${restOfLine(mistake, 1)} by ${image}\``;
  if (/^(?:per|for)$/.test(image) && SHARERS.test(next)) return `write \`by ${next}\``;
  if (/^(?:or|then|otherwise)$/.test(image)) return `write \`else ${restOfLine(mistake, 1)}\``;
  if (one === "limit" && /^[0-9.]+$/.test(next)) return `write \`limit ${next} of ${image} ${restOfLine(mistake, 2)}\``;
  return one === "by" && /[.]/.test(image)
    ? `\`by user\` is each user; anything else is an expression: \`by ($${image})\``
    : undefined;
}

function cacheHelp(mistake: GrammarMistake, { image }: Token, [one]: Before): string | undefined {
  if (one === "cache" && DURATION.test(image)) return `write \`cache for ${image}\``;
  const isSharer = SHARERS.test(image) && (one === "by" || one === "per");
  if (isSharer || (image === "per" && SHARERS.test(nextOf(mistake)?.image ?? "")))
    return "each principal has answers of its own anyway; `by ($user.claims.tenant)` shares them among others";
  return undefined;
}

function tagHelp(mistake: GrammarMistake, { image }: Token, [one]: Before): string | undefined {
  const next = nextOf(mistake)?.image ?? "";
  if (image === "by" && SHARERS.test(next)) return `for how long comes first: \`tag ${one} for 1h by ${next}\``;
  if (image === "per" && SHARERS.test(next)) return `write \`by ${next}\``;
  return one === "for" && SHARERS.test(image) ? `for how long comes first: \`for 1h by ${image}\`` : undefined;
}

function translateHelp(mistake: GrammarMistake, { image, payload }: Token, [one]: Before): string | undefined {
  if (one === "to" && payload.kind === "bare") return `a text is quoted: "${image}"`;
  if (one === "translate" && payload.kind === "text") return `write \`translate to ${restOfLine(mistake, 0)}\``;
  if (image === "into") return `write \`to ${restOfLine(mistake, 1)}\``;
  if (image === "from") return 'the language of a server stands in the settings: write `translate to "…"` only';
  if (one === "translate" && payload.kind === "bare") return `write \`translate in ${restOfLine(mistake, 0)}\``;
  const next = restOfLine(mistake, 1);
  if (/^(?:with|by|via)$/.test(image)) return `write \`using ${next}\``;
  return image === "in" ? `what is translated comes first: \`translate in ${next} to ${one}\`` : undefined;
}

/** The action, and what a test is given of it. */
function callHelp(mistake: GrammarMistake, { image, payload }: Token, [one, , three]: Before): string | undefined {
  const next = nextOf(mistake);
  if (three === "given" && payload.kind === "json") return `write \`given call ${one} returns ${image}\``;
  if (three === "given" && image === "=") return `write \`given call ${one} returns ${restOfLine(mistake, 1)}\``;
  if (image === "with" && next?.payload.kind === "json")
    return `what it is told stands behind its name: \`call ${one} ${restOfLine(mistake, 1)}\``;
  if (payload.kind === "expression") return `what a module is told is JSON: \`call ${one} {"key": "value"}\``;
  return image === ","
    ? `each module has a \`call\` of its own: \`call ${one} call ${next?.image ?? "…"}\``
    : undefined;
}

function humanHelp(_: GrammarMistake, { image }: Token): string | undefined {
  const said = image.replaceAll('"', "").toLowerCase();
  if (/^(?:yes|ok|approve[sd]?|accept(?:s|ed)?|allows?|agrees?)$/.test(said)) return "write `given human approves`";
  return /^(?:no|decline[sd]?|den(?:y|ies|ied)|rejects?(?:ed)?|refuse[sd]?|blocks?)$/.test(said)
    ? "write `given human declines`"
    : undefined;
}
