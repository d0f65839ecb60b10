// Forms that other languages have, and people try: each with what one writes here instead.
import type { Diagnostic, Span } from "../../source/diagnostic.ts";
import { spanOfToken } from "../tree/cst.ts";
import { groupOf } from "../grammar/expectations.ts";
import { actionHelp } from "./explain-actions.ts";
import { clauseHelp } from "./explain-clauses.ts";
import { outsideHelp } from "./explain-outside.ts";
import { stepHelp } from "./explain-steps.ts";
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { type Before, type HelpFor, isPattern, nextOf, patternFor, restOfLine, type TokenHabit } from "./habit.ts";
import type { Token } from "../text/lexer.ts";
import { error } from "../report.ts";
import { isKeyword } from "../words.ts";

/** `token`: the one that does not fit; `undefined` at the end of the item. */
export function explainHabit(mistake: GrammarMistake, token: Token | undefined): Diagnostic | undefined {
  const span = token === undefined ? undefined : spanOfToken(token, mistake.source.path);
  for (const explain of HABITS) {
    const explained = explain(mistake, token, span);
    if (explained !== undefined) return explained;
  }
  return undefined;
}

type Habit = (mistake: GrammarMistake, token: Token | undefined, span: Span | undefined) => Diagnostic | undefined;

const HABITS: readonly Habit[] = [
  expectLog,
  negated,
  stepAsName,
  onlyToken(atMisfit(outsideHelp)),
  onlyToken(atMisfit(stepHelp)),
  onlyToken(atMisfit(actionHelp)),
  onlyToken(atMisfit(clauseHelp)),
  onlyToken(targetHabits),
  onlyToken(conditionHabits),
  onlyToken(itemHabits),
];

function atMisfit(helpFor: HelpFor): TokenHabit {
  return (mistake, token, before) => {
    const help = helpFor(mistake, token, before);
    return help === undefined ? undefined : [`\`${token.image}\` does not fit here`, help];
  };
}

/** A message and its help, at the token that does not fit. */
function onlyToken(habit: TokenHabit): Habit {
  return (mistake, token, span) => {
    if (token === undefined || span === undefined) return undefined;
    const { tokens, at } = mistake;
    const [one, two, three] = [at - 1, at - 2, at - 3].map((index) => tokens[index]?.image ?? "");
    const explained = habit(mistake, token, [one ?? "", two ?? "", three ?? ""]);
    return explained === undefined ? undefined : error(one === "not" ? "MR206" : "MR201", span, ...explained);
  };
}

/** `expect log "…"`, or nothing behind it: a sink is named there. */
function expectLog({ tokens, at, source }: GrammarMistake): Diagnostic | undefined {
  const [log, expect] = [tokens[at - 1], tokens[at - 2]];
  if (log?.image !== "log" || expect?.image !== "expect") return undefined;
  const span = { file: source.path, start: expect.startOffset, end: log.startOffset + log.image.length };
  return error("MR201", span, "`expect log` names a sink", "write `expect log main`, or the name after `log … to`");
}

/** `with no limit`, `with not limit`: where `limit` starts an action the mistake shows behind it only. */
function negated({ tokens, at, source }: GrammarMistake): Diagnostic | undefined {
  const [field, no, clause] = [tokens[at - 1], tokens[at - 2], tokens[at - 3]];
  if (field === undefined || no === undefined || !/^(?:no|not)$/.test(no.image) || clause?.image !== "with")
    return undefined;
  if (field.isFirstOnLine) return undefined;
  const help = `did you mean \`without ${field.image}\`?`;
  return error("MR206", spanOfToken(no, source.path), `a condition is not negated with \`${no.image}\``, help);
}

/** `send tools/call send {…}`: a tool that is called like a word steps begin with. */
function stepAsName({ tokens, at, source }: GrammarMistake, token: Token | undefined): Diagnostic | undefined {
  const [name, method, step] = [tokens[at - 1], tokens[at - 2], tokens[at - 3]];
  const isStep = /^(?:send|push)$/.test(step?.image ?? "") && method?.image.includes("/") === true;
  if (token?.payload.kind !== "json" || name === undefined || !isStep || name.isFirstOnLine) return undefined;
  if (!isKeyword(name.image)) return undefined;
  const help = `as a name it is quoted: "${name.image}"`;
  return error("MR204", spanOfToken(name, source.path), `\`${name.image}\` is a word of the language`, help);
}

const KINDS = /^(?:message|request|notification)$/;
const REPLIES = /^(?:result|error|reply|failure)$/;
const THINGS = /^(?:tool|prompt|resource)$/;
const PRINCIPALS = /^(?:client|user|group|profile)$/;

function targetHabits(
  mistake: GrammarMistake,
  token: Token,
  [one, two]: Before,
): readonly [string, string] | undefined {
  const { image } = token;
  const isMethod = /^[a-z]+\/[a-z*]/i.test(image);
  const misfit = `\`${image}\` does not fit here`;
  if (isMethod && KINDS.test(one) && (two === "when" || two === "or"))
    return [misfit, `leave \`${one}\` out: a method stands alone, \`${two} ${image}\``];
  if (isMethod && REPLIES.test(one) && (two === "when" || two === "or"))
    return [misfit, `write \`${one} of ${restOfLine(mistake, 0)}\``];
  if (image === "call" && one === "tool" && (two === "when" || two === "or") && nextOf(mistake) !== undefined)
    return [misfit, `write \`${two} tools/call ${restOfLine(mistake, 1)}\``];
  if (one === "|" && THINGS.test(image)) return [misfit, `targets are joined by \`or\`: \`or ${image} …\``];
  if (one === "except" && (THINGS.test(image) || isMethod))
    return [
      "`except` holds clauses, no targets",
      `write \`except with ${nameField(mistake)} ${restOfLine(mistake, 1)}\``,
    ];
  return undefined;
}

/** Where the rule's own target carries its name: a definition in itself, a message beside its body. */
function nameField({ tokens, at }: GrammarMistake): string {
  const before = tokens.slice(0, at).map(({ image }) => image);
  const target = before[before.lastIndexOf("when") + 1] ?? "";
  const isResource = target === "resource" || target.startsWith("resources/");
  const key = isResource ? "uri" : "name";
  return THINGS.test(target) ? key : `params.${key}`;
}

function conditionHabits(mistake: GrammarMistake, token: Token, before: Before): readonly [string, string] | undefined {
  const { image } = token;
  const [one, two] = before;
  if (one === "where") return whereHabit(mistake, image);
  if (one === "not" && two !== "with" && isPattern(token)) {
    return ["a condition is not negated with `not`", `write \`except with ${two} ${negatedPattern(mistake, image)}\``];
  }
  const form =
    isPattern(token) && mistake.expected.some(({ type }) => type === "BAR") ? patternFor(one, image) : undefined;
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

function itemHabits(mistake: GrammarMistake, token: Token, [one, two]: Before): readonly [string, string] | undefined {
  const { tokens, at, expected } = mistake;
  const { image, payload } = token;
  const misfit = `\`${image}\` does not fit here`;
  if (image === "shadow" && tokens[at + 1]?.image === "rule") {
    return [misfit, `write \`rule ${tokens[at + 2]?.image ?? "ID"} in shadow\``];
  }
  if (one === "shadow" && two === "expect")
    return [misfit, "a rule in shadow changes nothing: `expect allow`; what it would have done stands in the record"];
  if (PRINCIPALS.test(one) && two === "given" && payload.kind === "bare" && !token.isFirstOnLine)
    return [misfit, `a text stands in quotes: \`given ${one} "${image}"\``];
  if (one === "reply" && payload.kind === "text")
    return [
      misfit,
      `write a result: \`reply {"content": [{"type": "text", "text": ${JSON.stringify(payload.value)}}]}\``,
    ];
  if (one === "rule" && payload.kind === "text" && kebab(payload.value) !== "")
    return [`\`${image}\` is no id`, `ids are in kebab-case, without quotes: \`${kebab(payload.value)}\``];
  if (two === "rule" && payload.kind === "bare" && !token.isFirstOnLine && !isKeyword(image))
    return [misfit, `an id is one word, in kebab-case: \`${kebab(`${one} ${image}`)}\``];
  const isAction = expected.some((other) => groupOf(other) === "action");
  if (image === "reply" && isAction) return [misfit, "did you mean `answer`?"];
  return image.toLowerCase() === "drop" && isAction && token.isFirstOnLine ? [misfit, dropHelp(mistake)] : undefined;
}

function dropHelp({ tokens, at }: GrammarMistake): string {
  const next = tokens[at + 1];
  const isField = next?.payload.kind === "bare" && !next.isFirstOnLine;
  return isField ? "did you mean `remove`?" : "did you mean `block`? a notification that is blocked is dropped";
}

function kebab(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();
}
