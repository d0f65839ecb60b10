// Takes a text apart where its layout does: headings, lists, tables, quotes, code. The marks stay outside of the prose.

/** Joined again they are the text. */
export type Block =
  | { readonly kind: "fixed"; readonly text: string }
  | { readonly kind: "prose"; readonly text: string };

export function splitBlocks(text: string): readonly Block[] {
  const splitting: Splitting = { blocks: [], paragraph: [], fence: undefined, isAfterBlank: true };
  for (const line of linesOf(text)) takeLine(line, splitting);
  endParagraph(splitting);
  return splitting.blocks;
}

/** Changes line by line. */
interface Splitting {
  readonly blocks: Block[];
  /** Lines that belong together, with their ends. */
  paragraph: string[];
  /** What closes the code we are in. */
  fence: RegExp | undefined;
  isAfterBlank: boolean;
}

/** With their ends. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** Marks of headings, quotes, list items and check boxes, with the white space around them. */
const MARKS = /^\s*(?:(?:#{1,6}|>|[-*+•]|\d{1,9}[.)])\s+)+(?:\[[ xX]\]\s+)?/;
const QUOTE = /^\s*>\s*/;

function takeLine(line: string, splitting: Splitting): void {
  if (splitting.fence) return takeCode(line, splitting);
  const [, fence] = FENCE.exec(line) ?? [];
  if (fence !== undefined) {
    endParagraph(splitting);
    splitting.fence = new RegExp(`^ {0,3}${fence[0] ?? ""}{${fence.length},}\\s*$`);
    return fix(line, splitting);
  }
  const isBlank = line.trim() === "";
  if (isBlank || (splitting.isAfterBlank && /^(?: {4}|\t)/.test(line))) {
    endParagraph(splitting);
    fix(line, splitting);
    // After code comes more code, and after a blank line it may begin.
    splitting.isAfterBlank = true;
    return;
  }
  splitting.isAfterBlank = false;
  takeText(line, splitting);
}

function takeCode(line: string, splitting: Splitting): void {
  fix(line, splitting);
  if (splitting.fence?.test(line.trimEnd()) !== true) return;
  splitting.fence = undefined;
  splitting.isAfterBlank = false;
}

function takeText(line: string, splitting: Splitting): void {
  const marks = MARKS.exec(line)?.[0] ?? QUOTE.exec(line)?.[0];
  if (/^\s*\|/.test(line)) {
    endParagraph(splitting);
    for (const piece of line.split(/((?<!\\)\|)/)) add(piece === "|" ? "fixed" : "prose", piece, splitting);
  } else if (marks === undefined) splitting.paragraph.push(line);
  else {
    endParagraph(splitting);
    fix(marks, splitting);
    splitting.paragraph.push(line.slice(marks.length));
    if (/^\s*#/.test(marks)) endParagraph(splitting);
  }
}

/** Where lines are indented, each stands for itself, as in the arguments of a Python docstring. */
function endParagraph(splitting: Splitting): void {
  const { paragraph } = splitting;
  splitting.paragraph = [];
  const isIndented = paragraph.slice(1).some((line) => /^\s/.test(line));
  for (const text of isIndented ? paragraph : [paragraph.join("")]) add("prose", text, splitting);
}

function fix(text: string, splitting: Splitting): void {
  add("fixed", text, splitting);
}

/** White space around prose is no prose. */
function add(kind: Block["kind"], text: string, { blocks }: Splitting): void {
  const prose = kind === "prose" ? text.trim() : "";
  const start = prose === "" ? text.length : text.indexOf(prose);
  const around = [
    { kind: "fixed", text: text.slice(0, start) },
    { kind: "prose", text: prose },
    { kind: "fixed", text: text.slice(start + prose.length) },
  ] as const;
  for (const block of around) if (block.text !== "") blocks.push(block);
}
