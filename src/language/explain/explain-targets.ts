// Targets as other languages have them, and targets in the place of clauses, each with the form here.
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { groupOf } from "../grammar/expectations.ts";
import { type Before, isAnyPattern, isExpected, nextOf, restOfLine } from "./habit.ts";
import type { Token } from "../text/lexer.ts";

export function targetHabits(
  mistake: GrammarMistake,
  token: Token,
  before: Before,
): readonly [string, string] | undefined {
  const { image } = token;
  const [one] = before;
  if (one === "except" && (THINGS.test(image) || METHOD.test(image)))
    return [
      "`except` holds clauses, no targets",
      `write \`except with ${nameField(mistake)} ${restOfLine(mistake, 1)}\``,
    ];
  const help =
    methodHelp(mistake, token, before) ?? namedHelp(mistake, token, before) ?? kindHelp(mistake, token, before);
  return help === undefined ? undefined : [`\`${image}\` does not fit here`, help];
}

const KINDS = /^(?:message|request|notification)$/;
const REPLIES = /^(?:result|error|reply|failure)$/;
const THINGS = /^(?:tool|prompt|resource)$/;
const METHOD = /^[a-z]+\/[a-z*]/i;
const STARTS = /^(?:when|or)$/;

/** A method behind a word that it needs not, or that needs another one. */
function methodHelp(mistake: GrammarMistake, { image }: Token, [one, two]: Before): string | undefined {
  if (METHOD.test(image) && KINDS.test(one) && STARTS.test(two))
    return `leave \`${one}\` out: a method stands alone, \`${two} ${image}\``;
  if (METHOD.test(image) && REPLIES.test(one) && STARTS.test(two))
    return `write \`${one} of ${restOfLine(mistake, 0)}\``;
  return METHOD.test(image) && one === "with" && nextOf(mistake) !== undefined
    ? `write \`with ${nameField(mistake)} ${restOfLine(mistake, 1)}\``
    : undefined;
}

/** A name behind the wrong word, or with its server before it. */
function namedHelp(mistake: GrammarMistake, token: Token, [one, two]: Before): string | undefined {
  const { image } = token;
  if (image === "call" && one === "tool" && STARTS.test(two) && nextOf(mistake) !== undefined)
    return `write \`${two} tools/call ${restOfLine(mistake, 1)}\``;
  if (one === "except" && isAnyPattern(token) && !token.isFirstOnLine)
    return `write \`except with ${nameField(mistake)} ${restOfLine(mistake, 0)}\``;
  if (one === "of" && REPLIES.test(two) && !METHOD.test(image) && isAnyPattern(token))
    return `a method stands behind \`of\`: \`${two} of tools/call ${restOfLine(mistake, 0)}\``;
  const [, server, name] = /^([\w-]+)\/([\w*-]+)$/.exec(image) ?? [];
  if (server === undefined || name === undefined || !NAMED.test(one)) return undefined;
  return `which server it is, \`on\` says: \`${one} ${name} on ${server}\`; a name that holds a \`/\` is quoted: "${image}"`;
}

const NAMED = /^(?:tool|prompt|tools\/call|prompts\/get)$/;

function kindHelp(mistake: GrammarMistake, { image }: Token, [one]: Before): string | undefined {
  if (one === "|" && THINGS.test(image)) return `targets are joined by \`or\`: \`or ${image} …\``;
  const isTarget = isExpected(mistake, "METHOD") && mistake.expected.some((other) => groupOf(other) === "target");
  if (!isTarget) return undefined;
  if (/^(?:response|output|answer)s?$/.test(image) && nextOf(mistake)?.image === "of")
    return `write \`result ${restOfLine(mistake, 1)}\``;
  const next = nextOf(mistake);
  if (/^(?:server|on)$/.test(image) && next !== undefined && isAnyPattern(next))
    return `the server stands behind what it is about: \`tool * on ${restOfLine(mistake, 1)}\``;
  const method = METHODS.get(image);
  return method === undefined ? undefined : `a message is named by its method: \`${method}\``;
}

/** Parts of the protocol that have one request. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ["sampling", "sampling/createMessage"],
  ["elicitation", "elicitation/create"],
  ["roots", "roots/list"],
  ["completion", "completion/complete"],
  ["logging", "logging/setLevel"],
]);

/** Where the rule's own target carries its name: a definition in itself, a message beside its body. */
function nameField({ tokens, at }: GrammarMistake): string {
  const before = tokens.slice(0, at).map(({ image }) => image);
  const target = before[before.lastIndexOf("when") + 1] ?? "";
  const isResource = target === "resource" || target.startsWith("resources/");
  const key = isResource ? "uri" : "name";
  return THINGS.test(target) ? key : `params.${key}`;
}
