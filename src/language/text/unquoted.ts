// Bare runs that nothing of the language is spelled like, and what is meant by them: a text, a regular expression, a sign.
import { misread, type Reading } from "./reading.ts";

const READABLE =
  /^(?:\$[A-Za-z_][A-Za-z0-9_]*|@[a-z][a-z0-9]*(?:-[a-z0-9]+)*|[A-Za-z_*][A-Za-z0-9_.:*?-]*|[A-Za-z_*][A-Za-z0-9_.*-]*(?:\/[A-Za-z0-9_.*-]+)+)$/;

export function isReadable(run: string): boolean {
  return READABLE.test(run);
}

const NO_YAML =
  'a policy is no YAML: it has no lists of lines, items begin with `rule`, `let`, `default`, `exception` or `test`; as a text it is "-"';

/** A run that is no word, path or method. */
export function unquoted(run: string, start: number, end: number): Reading {
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

export function regexHelp(image: string): string {
  return `a regular expression stands between slashes: \`/${image.replace(/(?<!\\)\//g, "\\/")}/\``;
}

/** What other languages mean by such a run. */
function quotedHelp(run: string): string {
  if (/\.\+|\\[wdsb.]|.\$$/i.test(run)) return regexHelp(run);
  const glob = /[/:]/.test(run) ? run : run.replace(/%+/g, "*");
  if (glob !== run) return `a \`*\` stands for any text: write ${isReadable(glob) ? `\`${glob}\`` : `"${glob}"`}`;
  const word = run.replace(/:$/, "");
  return word !== run && isReadable(word) ? `no colon: write \`${word}\`` : limitHelp(run);
}

/** `5/m` is a limit nearly everywhere else. */
function limitHelp(run: string): string {
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
  const isBound = /^\$(?:(?:message|request|server|client|user|tags)\b|\.[A-Za-z_])/.test(run);
  const help = isBound
    ? `outside of expressions a path has no \`$\`: \`${run.slice(1).replace(/^(?:message)?\./, "")}\``
    : "a `$` and a name of letters, digits and `_`, as a `let` gives it; a path into it is an expression: `($name.field)`";
  return misread(end, { code: "MR101", start, end, message: `\`${run}\` is no variable`, help });
}
