// A token that does not fit → what is wrong, in the author's words, and what to write instead.
import type { Diagnostic, Span } from "../../source/diagnostic.ts";
import { nearest } from "../../source/nearest.ts";
import { spanOfToken } from "../tree/cst.ts";
import { callsForMore, groupOf, phraseOf, startsLine, wordsOf } from "../grammar/expectations.ts";
import { explainHabit } from "./explain-habits.ts";
import { explainNameless } from "./explain-nameless.ts";
import { explainOrder } from "./explain-order.ts";
import { explainPunctuation } from "./explain-punctuation.ts";
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import type { Token } from "../text/lexer.ts";
import { restOfLine } from "./habit.ts";
import { otherWordFor } from "./other-words.ts";
import { error } from "../report.ts";
import { misspeltItem, startsPart } from "../grammar/segments.ts";
import { isKeyword, TRANSFORM_WORDS, VERDICT_WORDS } from "../words.ts";

export function explainMistake(mistake: GrammarMistake): Diagnostic {
  const token = mistake.tokens[mistake.at];
  const habit = explainHabit(mistake, token);
  if (habit !== undefined) return habit;
  if (token === undefined) return endsTooEarly(mistake);
  const span = spanOfToken(token, mistake.source.path);
  for (const explain of EXPLANATIONS) {
    const explained = explain(mistake, token, span);
    if (explained !== undefined) return explained;
  }
  return unexpected(mistake, token, span);
}

type Explain = (mistake: GrammarMistake, token: Token, span: Span) => Diagnostic | undefined;

/** The first that has something to say says it. */
const EXPLANATIONS: readonly Explain[] = [
  misspeltStart,
  explainNameless,
  missingBefore,
  missingWhen,
  keywordAsName,
  explainOrder,
  misspelt,
  unquoted,
  misshapenId,
  misshapenName,
  explainPunctuation,
];

function endsTooEarly(mistake: GrammarMistake): Diagnostic {
  const { tokens, expected, source } = mistake;
  const last = tokens.at(-1);
  const span = last === undefined ? { file: source.path, start: 0, end: 0 } : spanOfToken(last, source.path);
  if (expected.some((one) => groupOf(one) === "action")) {
    if (last !== undefined && isForeignAction(last)) {
      const drop = last.image === "drop" ? " a notification that is blocked is dropped" : "";
      const meant = `did you mean \`${otherWordFor(last.image) ?? ""}\`?${drop}`;
      return error("MR201", span, `\`${last.image}\` does not fit here`, meant);
    }
    const help = 'add an action: `allow`, `block "…"`, `set … = …`, `log` …';
    return error("MR202", span, "this rule ends before it says what to do", help);
  }
  return error("MR202", span, `${phraseOf(expected)} is missing after \`${shortened(last)}\``, behindIt(mistake));
}

/** What is missing, in the author's own words. */
function behindIt(mistake: GrammarMistake): string | undefined {
  const { expected } = mistake;
  if (expected.every((one) => one.type === "BY")) return "whose calls have it is said behind it: `by user`";
  return expected.every((one) => one.type === "RETURNS" || one.type === "FAILS") ? givenCall(mistake) : undefined;
}

/** `given call scan`: which module it is, and what that says. */
function givenCall({ tokens, at, source }: GrammarMistake): string {
  const written = tokens[at - 1]?.image ?? "";
  const called = [...source.text.matchAll(CALLED)].map(([, name = ""]) => name);
  const isKnown = called.filter((name) => name === written).length > 1;
  const meant = isKnown ? undefined : nearest(written, called);
  const help = `what it says stands behind it: \`given call ${meant ?? written} returns {"valid": true}\`, or \`fails\``;
  return meant === undefined ? help : `did you mean \`${meant}\`? ${help}`;
}

const CALLED = /(?<![/\w])call\s+([a-z][a-z0-9_]*)/g;

/** Read as a pattern that goes on from the line before it, since it is no word of this language. */
export function isForeignAction(token: Token): boolean {
  return token.isFirstOnLine && ACTIONS.has(otherWordFor(token.image) ?? "");
}

const ACTIONS: ReadonlySet<string> = new Set([...VERDICT_WORDS, ...TRANSFORM_WORDS]);

function misspeltStart(mistake: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const { at, source } = mistake;
  const meant = at === 0 ? misspeltItem(token, source.text) : undefined;
  if (meant === undefined) return undefined;
  const help =
    token.image === `${meant}:`
      ? `no colon: write \`${meant} ${restOfLine(mistake, 1)}\``
      : `did you mean \`${meant}\`?`;
  return error("MR201", span, `\`${token.image}\` starts no item`, help);
}

/** `remove a,` or `set limit =` above `block`: what is missing is above; `block` is no field there. */
function missingBefore(mistake: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const { tokens, at, expected } = mistake;
  if (!startsPart(token) || !callsForMore(expected) || expected.some((one) => one.type === "WHEN")) return undefined;
  const before = shortened(tokens[at - 1]);
  const isNaming = expected.every((one) => NAMING.has(one.type));
  const help = `\`${token.image}\` starts a line of its own here; a field of that name stands on the line of the word before it`;
  return error(
    isNaming ? "MR207" : "MR202",
    span,
    `${phraseOf(expected)} is missing after \`${before}\``,
    isNaming ? (IDS[before] ?? help) : behindIt(mistake),
  );
}

/** What stands behind `rule`. */
const IDS: Readonly<Record<string, string>> = {
  rule: "each rule has a name of its own: `rule no-secrets`",
  exception: 'each exception has a name of its own: `exception for-ada to no-secrets until "…"`',
};

function missingWhen({ tokens, at, expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  if (startsPart(token) && expected.some((one) => one.type === "WHEN")) {
    const isBelow = tokens.slice(at).some(({ image, isFirstOnLine }) => image === "when" && isFirstOnLine);
    if (isBelow)
      return error("MR205", span, `\`when\` comes before \`${token.image}\``, "move the line with `when` up to here");
    const help = "a rule says what it is about first, such as `when tool *`";
    return error("MR202", span, `\`when\` is missing before \`${token.image}\``, help);
  }
  const isTarget = /^(?:tool|prompt|resource|message|request|notification|result|error|reply|failure)$|\//.test(
    token.image,
  );
  if (!isTarget || !expected.some((one) => one.type === "WHEN")) return undefined;
  return error("MR201", span, `\`when\` is missing before \`${token.image}\``, `write \`when ${token.image} …\``);
}

/** Where a pattern may stand, a keyword is one in quotes only. */
function keywordAsName({ expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const mayBeName = expected.some((one) => one.type === "WORD");
  const isElsewhere = expected.some((one) => startsLine(one)) && token.isFirstOnLine;
  if (!mayBeName || isElsewhere || !isKeyword(token.image) || token.image === "or" || token.image === "and")
    return undefined;
  return error(
    "MR204",
    span,
    `\`${token.image}\` is a word of the language`,
    `as a name it is quoted: "${token.image}"`,
  );
}

function misspelt({ expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const words = wordsOf(expected);
  const other = otherWordFor(token.image);
  const isWord = /^[A-Za-z_]+$/.test(token.image) && !isKeyword(token.image);
  const close = isWord ? nearest(token.image, words) : undefined;
  const meant = other !== undefined && words.includes(other) ? other : close;
  if (meant === undefined) return undefined;
  return error("MR201", span, `\`${token.image}\` does not fit here`, `did you mean \`${meant}\`?`);
}

function unquoted({ expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const isBare = token.payload.kind === "bare" && /[./[]/.test(token.image) && !/^[-0-9]/.test(token.image);
  if (!isBare || !expected.some((one) => one.type === "WORD")) return undefined;
  return error("MR204", span, `\`${token.image}\` has to be quoted here`, `write "${token.image}"`);
}

function misshapenId({ expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  if (!isBareWord(token) || !expected.some((one) => one.type === "ID")) return undefined;
  const help = isKeyword(token.image)
    ? "`when`, `in`, `fails`, `to`, `until` and `default` cannot be ids"
    : `ids are in kebab-case: \`${dashed(token.image, "-")}\``;
  return error("MR201", span, `\`${token.image}\` is no id`, help);
}

function misshapenName({ expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  if (!isBareWord(token) || !expected.some((one) => one.type === "NAME")) return undefined;
  const help = isKeyword(token.image)
    ? `\`${token.image}\` is a word of the language: choose another name`
    : `names are in snake_case: \`${dashed(token.image, "_")}\``;
  return error("MR201", span, `\`${token.image}\` is no name`, help);
}

function unexpected({ tokens, at, expected }: GrammarMistake, token: Token, span: Span): Diagnostic {
  const previous = tokens[at - 1];
  const after = previous === undefined ? "" : ` after \`${shortened(previous)}\``;
  const phrase = phraseOf(expected);
  return notHere(token, span, phrase === "" ? undefined : `${phrase} may stand${after}`);
}

function notHere(token: Token, span: Span, help: string | undefined): Diagnostic {
  return error("MR201", span, `\`${shortened(token)}\` does not fit here`, help);
}

const NAMING: ReadonlySet<string> = new Set(["PATH", "EPATH", "VPATH", "ID", "NAME"]);

function isBareWord(token: Token): boolean {
  return token.payload.kind === "bare" && /^[A-Za-z_]/.test(token.image);
}

/** `pageSize` → `page-size` or `page_size`. */
function dashed(word: string, dash: string): string {
  return word
    .replace(/([a-z0-9])([A-Z])/g, `$1${dash}$2`)
    .replace(/[^A-Za-z0-9]+/g, dash)
    .replace(/^[-_]|[-_]$/g, "")
    .toLowerCase();
}

/** A token's first line, cut. */
function shortened(token: Token | undefined): string {
  const [line = ""] = (token?.image ?? "").split(/[\n\r]/);
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
