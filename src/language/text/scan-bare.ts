// Bare tokens: words, paths, methods, numbers, durations, `$variables` and `@annotations`, by their spelling.
import { takenOut } from "../explain/negation.ts";
import { misread, type Reading } from "./reading.ts";
import { scanNumber } from "./scan-number.ts";
import { isReadable, regexHelp, unquoted } from "./unquoted.ts";

/** `start` is at a character that opens no bracket and no text. Always reads at least one character. */
export function scanBare(text: string, start: number): Reading {
  const quoted = endOf(SINGLE_QUOTED, text, start);
  if (quoted > start) return otherwiseQuoted(text, start, quoted, "single quotes", "double quotes");
  const typeset = endOf(TYPESET, text, start);
  if (typeset > start) return otherwiseQuoted(text, start, typeset, "typographic quotes", "straight double quotes");
  const runEnd = endOf(RUN, text, start);
  if (runEnd === start) return stray(text, start);
  const filled = endOf(FILLED, text, runEnd);
  if (filled > runEnd) return filledIn(text, start, filled);
  if (text[runEnd] === "[") return scanBracketed(text, start, runEnd);
  const run = text.slice(start, runEnd);
  if (isNumeric(run)) return scanNumber(text, run, start, runEnd) ?? unquoted(run, start, runEnd);
  if (run.startsWith("^")) return unclosedBySlashes(text, start);
  return isReadable(run) ? { end: runEnd, payload: { kind: "bare" } } : unquoted(run, start, runEnd);
}

/** A bare token ends before white space, the end, or one of these. */
const RUN = /[^\s"(){}[\],|=<>!#]*/y;
const SINGLE_QUOTED = /(?:'[^'\r\n]*')?/y;
/** As word processors and chats write them. */
const TYPESET =
  /(?:[\u201c\u201d\u201e\u00ab\u2018\u2019\u201a\u2039][^\u201c\u201d\u201e\u00ab\u00bb\u2018\u201a\u2039\u203a"\r\n]*[\u201c\u201d\u00bb\u2018\u2019\u203a])?/y;
/** `mem_{name}`: the field and what stands right behind it. */
const FILLED = /(?:\{[A-Za-z_][A-Za-z0-9_.]*\}[A-Za-z0-9_.*-]*)*/y;
const PATH =
  /[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*|\[(?:[0-9]+|\*|"(?:[^"\\\r\n]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*")\])*/y;
const NUMERIC = /^-?[0-9]/;
const UNBROKEN = /\S*/y;
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

function isNumeric(run: string): boolean {
  return NUMERIC.test(run);
}

function otherwiseQuoted(text: string, start: number, end: number, quotes: string, ours: string): Reading {
  const written = JSON.stringify(text.slice(start + 1, end - 1));
  return misread(end, {
    code: "MR101",
    start,
    end,
    message: `\`${text.slice(start, end)}\` stands in ${quotes}`,
    help: `texts stand in ${ours}: write ${written}`,
  });
}

function filledIn(text: string, start: number, end: number): Reading {
  const image = text.slice(start, end);
  const help = `a \`*\` stands for any text, in a new name for that of the old one: \`${image.replace(/\{[^}]*\}/g, "*")}\``;
  return misread(end, { code: "MR101", start, end, message: `\`${image}\` fills in nothing here`, help });
}

/** A path may hold brackets: `content[0].text`, `a[*]`, `headers["x-id"]`. */
function scanBracketed(text: string, start: number, runEnd: number): Reading {
  const pathEnd = endOf(PATH, text, start);
  const end = endOf(RUN, text, Math.max(pathEnd, runEnd));
  if (pathEnd > runEnd && end === pathEnd && text[end] !== "[") return { end, payload: { kind: "bare" } };
  const stop = endOfBrackets(text, Math.max(pathEnd, runEnd));
  return misread(stop, {
    code: "MR109",
    start,
    end: stop,
    message: `\`${text.slice(start, stop)}\` is no path`,
    help: 'in brackets stands a number, `*` or a key in quotes, without blanks: `a[0]`, `a[*].text`, `a["b c"]`',
  });
}

/** The rest of what looks like a path, brackets and all, on its line. */
const BRACKETS = /(?:\[[^\]\r\n]*\]?|[^\s"(){}[\],|=<>!#]+)*/y;

function endOfBrackets(text: string, from: number): number {
  return endOf(BRACKETS, text, from);
}

/** `^(get|set)_.*$`, up to white space. */
function unclosedBySlashes(text: string, start: number): Reading {
  const end = endOf(UNBROKEN, text, start);
  const image = text.slice(start, end);
  return misread(end, { code: "MR101", start, end, message: `\`${image}\` has to be quoted`, help: regexHelp(image) });
}

function stray(text: string, start: number): Reading {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const end = start + character.length;
  const help = strayHelp(text, start, character);
  return misread(end, {
    code: "MR107",
    start,
    end,
    message: `\`${character}\` does not belong here`,
    ...(help === undefined ? {} : { help }),
  });
}

function strayHelp(text: string, start: number, character: string): string | undefined {
  if (character === "!")
    return takenOut(lineBefore(text, start), NEGATED.exec(text.slice(start, start + 200))?.[1] ?? "…");
  return "([{".includes(character) || ")]}".includes(character) ? "it closes nothing that is open here" : undefined;
}

const NEGATED = /^!\s*("[^"\r\n]*"|[^\s"(){}[\],|=<>!#]+)/;

function lineBefore(text: string, start: number): string {
  return text.slice(Math.max(text.lastIndexOf("\n", start - 1) + 1, start - 200), start);
}
