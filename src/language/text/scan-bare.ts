// Bare tokens: words, paths, methods, numbers, durations, `$variables` and `@annotations`, by their spelling.
import { misread, type Reading } from "./reading.ts";
import { isExact } from "./scan-json.ts";

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
  if (isNumeric(run)) return scanNumber(run, start, runEnd);
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
const NUMBER =
  /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:ms|s|m|h|d|%))$/;
const READABLE =
  /^(?:\$[A-Za-z_][A-Za-z0-9_]*|@[a-z][a-z0-9]*(?:-[a-z0-9]+)*|[A-Za-z_*][A-Za-z0-9_.:*?-]*|[A-Za-z_*][A-Za-z0-9_.*-]*(?:\/[A-Za-z0-9_.*-]+)+)$/;

function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

function isNumeric(run: string): boolean {
  return NUMERIC.test(run);
}

function isReadable(run: string): boolean {
  return READABLE.test(run);
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

function scanNumber(run: string, start: number, end: number): Reading {
  if (!NUMBER.test(run))
    return /^-?[0-9]+(?:\.[0-9]*)?[a-z%]*$/.test(run) ? badNumber(run, start, end) : unquoted(run, start, end);
  if (isExact(run) || /[a-z%]$/.test(run)) return { end, payload: { kind: "bare" } };
  return misread(end, {
    code: "MR111",
    start,
    end,
    message: `\`${run}\` is too large to be kept exactly`,
    help: "integers beyond 2^53 cannot be compared; match them as text with a regular expression",
  });
}

function badNumber(run: string, start: number, end: number): Reading {
  const help = /[a-z%]$/.test(run)
    ? `durations end in \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`, percentages in \`%\`; a name is quoted: "${run}"`
    : `numbers are written as in JSON; a text is quoted: "${run}"`;
  return misread(end, {
    code: "MR108",
    start,
    end,
    message: `\`${run}\` is neither a number, a duration nor a percentage`,
    help,
  });
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

const NO_YAML =
  'a policy is no YAML: it has no lists of lines, items begin with `rule`, `let`, `default`, `exception` or `test`; as a text it is "-"';

function unquoted(run: string, start: number, end: number): Reading {
  if (run.startsWith("$")) return badVariable(run, start, end);
  if (run.startsWith("@"))
    return misread(end, {
      code: "MR101",
      start,
      end,
      message: `\`${run}\` is no annotation`,
      help: "annotations are kebab-case: `@owner`, `@ticket-id`; a text that starts with `@` is quoted",
    });
  const sign =
    SIGNS[run] ??
    (run === "-" ? NO_YAML : undefined) ??
    (run.endsWith(";") ? "nothing ends a line: leave the `;` out" : undefined);
  if (sign !== undefined)
    return misread(end, { code: "MR107", start, end, message: `\`${run}\` does not belong here`, help: sign });
  return misread(end, { code: "MR101", start, end, message: `\`${run}\` has to be quoted`, help: quotedHelp(run) });
}

/** `5/m` is a limit nearly everywhere else. */
function quotedHelp(run: string): string {
  const [, count, unit] = /^([0-9]+)\/([smhd])(?:in|ec|our|ay|inute|econd)?$/.exec(run) ?? [];
  if (count === undefined || unit === undefined) return `write "${run}"`;
  return `write "${run}"; of a limit, \`limit ${count} per 1${unit}\``;
}

/** Signs that other languages have. */
const SIGNS: Readonly<Record<string, string>> = {
  "&&": "conditions are joined by `and`",
  "&": 'conditions are joined by `and`; values are put together in an expression: `("a" & b)`',
  "~": "a regular expression stands right behind the field: `with path /…/`",
  "--": "a comment starts with `#`",
  "//": "a comment starts with `#`",
  "+": 'values are put together in an expression: `set … = ("a" & b)`',
  "==": "a comparison is written with one `=`",
};

function badVariable(run: string, start: number, end: number): Reading {
  const isBound = /^\$(?:message|request|server|client|user|tags)\b/.test(run);
  const help = isBound
    ? `outside of expressions a path has no \`$\`: \`${run.slice(1).replace(/^message\./, "")}\``
    : "a `$` and a name of letters, digits and `_`, as a `let` gives it; a path into it is an expression: `($name.field)`";
  return misread(end, { code: "MR101", start, end, message: `\`${run}\` is no variable`, help });
}

function stray(text: string, start: number): Reading {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const end = start + character.length;
  const help =
    "([{".includes(character) || ")]}".includes(character) ? "it closes nothing that is open here" : undefined;
  return misread(end, {
    code: "MR107",
    start,
    end,
    message: `\`${character}\` does not belong here`,
    ...(help === undefined ? {} : { help }),
  });
}
