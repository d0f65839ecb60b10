// Where a JSONata expression in round brackets ends: a balanced scan that tells texts, comments and regexes apart as JSONata does.
import { isItemLine, isLineEnd } from "./item-lines.ts";
import { misread, type Reading } from "./reading.ts";

/** `start` is at the `(`. The text between the brackets goes to JSONata as it is. */
export function scanExpression(text: string, start: number): Reading {
  const scan: Scan = { text, at: start, open: [], hasOperand: false, lost: undefined };
  while (scan.at < text.length) {
    if (isLineEnd(text[scan.at]) && isItemLine(text, scan.at + 1)) break;
    step(scan);
    if (scan.open.length === 0) return { end: scan.at, payload: { kind: "expression" } };
  }
  return unclosed(scan, start);
}

interface Scan {
  readonly text: string;
  at: number;
  /** Offsets of the brackets that are open. */
  readonly open: number[];
  /** A value stands before `at`, so that `/` divides and `*` multiplies. */
  hasOperand: boolean;
  /** What was opened inside and reaches to where the expression must end: the real mistake. */
  lost: { readonly at: number; readonly what: keyof typeof CURES } | undefined;
}

/** JSONata's own white space; everything else that is no operator belongs to a name. */
const BLANK = " \t\n\r\v";
const OPERATORS = ".[]{}(),@#;:?+-*/%|=<>^!~&";

function step(scan: Scan): void {
  const character = scan.text[scan.at] ?? "";
  if (BLANK.includes(character)) scan.at += 1;
  else if (scan.text.startsWith("/*", scan.at)) skipPast(scan, "*/", "comment");
  else if (character === "/" && !scan.hasOperand) skipRegex(scan);
  else if ("([{".includes(character)) openBracket(scan);
  else if (")]}".includes(character)) closeBracket(scan);
  else if (character === '"' || character === "'") skipText(scan, character);
  else if (character === "`") skipBackQuoted(scan);
  else if (OPERATORS.includes(character)) takeOperator(scan, character);
  else skipName(scan);
}

function openBracket(scan: Scan): void {
  scan.open.push(scan.at);
  scan.at += 1;
  scan.hasOperand = false;
}

function closeBracket(scan: Scan): void {
  scan.open.pop();
  scan.at += 1;
  scan.hasOperand = true;
}

/** `*`, `**` and `%` where a value is expected are values themselves: all fields, all descendants, the parent. */
function takeOperator(scan: Scan, character: string): void {
  scan.at += scan.text.startsWith("**", scan.at) ? 2 : 1;
  scan.hasOperand = (character === "*" || character === "%") && !scan.hasOperand;
}

function skipName(scan: Scan): void {
  const start = scan.at;
  while (scan.at < scan.text.length && !(BLANK + OPERATORS).includes(scan.text[scan.at] ?? "")) scan.at += 1;
  const name = scan.text.slice(start, scan.at);
  scan.hasOperand = !(scan.hasOperand && (name === "and" || name === "or" || name === "in"));
}

/** Goes on to the end of the closing mark, or to where the expression cannot reach beyond. */
function skipPast(scan: Scan, mark: string, what: keyof typeof CURES): void {
  const start = scan.at;
  scan.at += what === "comment" ? 2 : 1;
  while (isInside(scan)) {
    if (scan.text.startsWith(mark, scan.at)) {
      scan.at += mark.length;
      return;
    }
    scan.at += 1;
  }
  scan.lost = { at: start, what };
}

function skipBackQuoted(scan: Scan): void {
  scan.hasOperand = true;
  skipPast(scan, "`", "name");
}

function skipText(scan: Scan, quote: string): void {
  const start = scan.at;
  scan.hasOperand = true;
  scan.at += 1;
  while (isInside(scan)) {
    const character = scan.text[scan.at];
    scan.at += character === "\\" ? 2 : 1;
    if (character === quote) return;
  }
  scan.lost = { at: start, what: "text" };
}

/** A `/` closes it unless it is escaped or within brackets of the regex. */
function skipRegex(scan: Scan): void {
  const start = scan.at;
  let depth = 0;
  scan.hasOperand = true;
  scan.at += 1;
  while (isInside(scan)) {
    const character = scan.text[scan.at] ?? "";
    scan.at += character === "\\" ? 2 : 1;
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (character === "/" && depth === 0) return;
  }
  scan.lost = { at: start, what: "regular expression" };
}

function isInside(scan: Scan): boolean {
  return scan.at < scan.text.length && !isAtItemLine(scan);
}

function isAtItemLine(scan: Scan): boolean {
  return isLineEnd(scan.text[scan.at]) && isItemLine(scan.text, scan.at + 1);
}

const CURES = {
  bracket: "an expression ends where its round bracket closes; check its texts and brackets",
  text: 'a text ends with the quote it began with; a quote inside is written `\\"`',
  name: "a name in back-quotes ends with one",
  comment: "a comment ends with `*/`",
  "regular expression":
    "JSONata counts the brackets in it too, also those in a class: write `\\(`, `\\]` for single ones",
};

function unclosed(scan: Scan, start: number): Reading {
  const { at, what } = scan.lost ?? { at: scan.open.at(-1) ?? start, what: "bracket" };
  const message =
    what === "bracket" ? `this \`${scan.text[at] ?? "("}\` is never closed` : `this ${what} is never closed`;
  const end = Math.min(scan.at, scan.text.length);
  return misread(end, { code: "MR105", start: at, end: at + 1, message, help: CURES[what] });
}
