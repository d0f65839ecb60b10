// Forms that other languages have, and people try: each with what one writes here instead.
import type { Diagnostic, Span } from "../../source/diagnostic.ts";
import { spanOfToken } from "../tree/cst.ts";
import { groupOf } from "../grammar/expectations.ts";
import { actionHelp } from "./explain-actions.ts";
import { clauseHelp } from "./explain-clauses.ts";
import { conditionHabits } from "./explain-conditions.ts";
import { operatorHelp } from "./explain-operators.ts";
import { outsideHelp } from "./explain-outside.ts";
import { signHelp } from "./explain-punctuation.ts";
import { stepHelp } from "./explain-steps.ts";
import { targetHabits } from "./explain-targets.ts";
import { valueHelp } from "./explain-values.ts";
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import type { Before, HelpFor, TokenHabit } from "./habit.ts";
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
  onlyToken(atMisfit(signHelp)),
  onlyToken(atMisfit(outsideHelp)),
  onlyToken(atMisfit(stepHelp)),
  onlyToken(atMisfit(actionHelp)),
  onlyToken(atMisfit(valueHelp)),
  onlyToken(atMisfit(operatorHelp)),
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

const PRINCIPALS = /^(?:client|user|group|profile)$/;

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
