// A token that does not fit → what is wrong, in the author's words, and what to write instead.
import type { Diagnostic, Span } from "../source/diagnostic.ts";
import { nearest } from "../source/nearest.ts";
import type { SourceText } from "../source/source-text.ts";
import { spanOfToken } from "./cst.ts";
import { groupOf, phraseOf, wordsOf, type Group } from "./expectations.ts";
import type { Token } from "./lexer.ts";
import type { Expectation } from "./parser.ts";
import { error } from "./report.ts";
import { otherWordFor } from "./other-words.ts";
import { misspeltItem } from "./segments.ts";
import { CLAUSE_WORDS, KEYWORDS, TARGET_WORDS } from "./words.ts";

export interface GrammarMistake {
  readonly tokens: readonly Token[];
  /** Index of the token that does not fit; the number of tokens when they end too early. */
  readonly at: number;
  readonly expected: readonly Expectation[];
  readonly source: SourceText;
}

export function explainMistake(mistake: GrammarMistake): Diagnostic {
  const token = mistake.tokens[mistake.at];
  if (token === undefined) return endsTooEarly(mistake);
  const span = spanOfToken(token, mistake.source.path);
  return (
    misspeltStart(mistake, token, span) ??
    newLine(mistake, token, span) ??
    wrongOrder(mistake, token, span) ??
    misspelt(mistake, token, span) ??
    unquoted(mistake, token, span) ??
    misshapen(mistake, token, span) ??
    unexpected(mistake, token, span)
  );
}

function endsTooEarly({ tokens, expected, source }: GrammarMistake): Diagnostic {
  const last = tokens.at(-1);
  const span = last === undefined ? { file: source.path, start: 0, end: 0 } : spanOfToken(last, source.path);
  const groups = new Set(expected.map(groupOf));
  if (groups.has("action")) {
    return error(
      "MR202",
      span,
      "this rule ends before it says what to do",
      'add an action: `allow`, `block "…"`, `set … = …`, `log` …',
    );
  }
  return error("MR202", span, `${phraseOf(expected)} is missing after \`${shortened(last)}\``);
}

function misspeltStart({ at, source }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const meant = at === 0 ? misspeltItem(token, source.text) : undefined;
  if (meant === undefined) return undefined;
  return error("MR201", span, `\`${token.image}\` starts no item`, `did you mean \`${meant}\`?`);
}

/** `remove a,` above `block`: the field is missing; `block` is not one. */
function newLine({ tokens, at, expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const isKeyword = token.isFirstOnLine && isReserved(token.image);
  if (!isKeyword || !expected.every((one) => NAMING.has(one.type))) return undefined;
  const what = phraseOf(expected);
  const help = `\`${token.image}\` starts a line of its own here; a field of that name stands on the line of the word before it`;
  return error("MR207", span, `${what} is missing after \`${shortened(tokens[at - 1])}\``, help);
}

function wrongOrder({ tokens, at, expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const groups = new Set(expected.map(groupOf));
  const { image } = token;
  const next = tokens[at + 1]?.image ?? "";
  const isTarget = (image === "or" && isTargetWord(next)) || (isTargetWord(image) && image !== "reply");
  if (isTarget && groups.has("clause")) {
    return error("MR205", span, "targets come before clauses", "name all targets right after `when`, joined by `or`");
  }
  const isLate = groups.has("action") && !groups.has("clause");
  if (isLate && CLAUSES.has(image))
    return error("MR205", span, "clauses come before actions", `move \`${image} …\` above the first action`);
  if (image === "when" && (groups.has("clause") || isLate)) {
    return error(
      "MR205",
      span,
      "a rule has one `when`",
      "join targets with `or`; further conditions are clauses such as `with` and `where`",
    );
  }
  if ((image === "in" || image === "fails") && (groups.has("clause") || isLate)) {
    return error("MR205", span, `\`${image}\` stands between the rule's id and \`when\``);
  }
  return undefined;
}

function misspelt({ expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  if (!/^[A-Za-z_]+$/.test(token.image) && otherWordFor(token.image) === undefined) return undefined;
  const words = wordsOf(expected);
  const other = otherWordFor(token.image);
  const meant = other !== undefined && words.includes(other) ? other : nearest(token.image, words);
  if (meant === undefined) return undefined;
  return error("MR201", span, `\`${token.image}\` does not fit here`, `did you mean \`${meant}\`?`);
}

function unquoted({ expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const isName = expected.some((one) => one.type === "WORD");
  const isOnly = expected.every((one) => !STARTING.has(groupOf(one)));
  if (!isName) return undefined;
  if (isReserved(token.image) && (isOnly || !token.isFirstOnLine)) {
    return error(
      "MR204",
      span,
      `\`${token.image}\` is a word of the language`,
      `as a name it is quoted: "${token.image}"`,
    );
  }
  const isBare = token.payload.kind === "bare" && /[./[]/.test(token.image);
  return isBare
    ? error("MR204", span, `\`${token.image}\` has to be quoted here`, `write "${token.image}"`)
    : undefined;
}

/** An id or a name whose letters are others than it takes. */
function misshapen({ expected }: GrammarMistake, token: Token, span: Span): Diagnostic | undefined {
  const isWord = token.payload.kind === "bare" && /^[A-Za-z_]/.test(token.image);
  if (!isWord) return undefined;
  if (expected.some((one) => one.type === "ID")) {
    const kebab = token.image
      .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
      .replace(/[^A-Za-z0-9]+/g, "-")
      .toLowerCase();
    return error(
      "MR201",
      span,
      `\`${token.image}\` is no id`,
      isReserved(token.image) ? undefined : `ids are in kebab-case: \`${kebab}\``,
    );
  }
  if (!expected.some((one) => one.type === "NAME")) return undefined;
  const snake = token.image
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
  return error(
    "MR201",
    span,
    `\`${token.image}\` is no name`,
    isReserved(token.image) ? "it starts something in the language" : `names are in snake_case: \`${snake}\``,
  );
}

function unexpected({ tokens, at, expected }: GrammarMistake, token: Token, span: Span): Diagnostic {
  const previous = tokens[at - 1];
  const after = previous === undefined ? "" : ` after \`${shortened(previous)}\``;
  const phrase = phraseOf(expected);
  if (phrase === "") return error("MR201", span, `\`${shortened(token)}\` does not fit here`);
  return error("MR201", span, `\`${shortened(token)}\` does not fit here`, `${phrase} may stand${after}`);
}

const NAMING: ReadonlySet<string> = new Set(["PATH", "EPATH", "VPATH", "ID", "NAME"]);
const STARTING: ReadonlySet<Group> = new Set(["clause", "action", "item", "step"]);
const CLAUSES: ReadonlySet<string> = new Set(CLAUSE_WORDS);
const RESERVED: ReadonlySet<string> = new Set(KEYWORDS);
const TARGETS: ReadonlySet<string> = new Set([...TARGET_WORDS, "reply"]);

function isReserved(word: string): boolean {
  return RESERVED.has(word);
}

function isTargetWord(word: string): boolean {
  return TARGETS.has(word) || /^[a-z]+\/[a-z*]/.test(word);
}

/** A token's first line, cut. */
function shortened(token: Token | undefined): string {
  const [line = ""] = (token?.image ?? "").split(/[\n\r]/);
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
