// A regular expression's tree, written for an engine: both read the same characters into it, whatever their own habits are.
import type { CharSet } from "./char-set.ts";
import type { RegexClass, RegexNode } from "./regex-tree.ts";

/** For `new RegExp(…, "u")`, with `i` where case is ignored; `m` means other line ends there, so it is left to RE2. */
export function writeForNative(node: RegexNode): string {
  return write(node, { start: "^", end: "$", character: (hex) => `\\u{${hex}}` });
}

export function writeForRe2(node: RegexNode, isMultiline: boolean): string {
  return write(node, {
    start: isMultiline ? "(?m:^)" : String.raw`\A`,
    end: isMultiline ? "(?m:$)" : String.raw`\z`,
    character: (hex) => `\\x{${hex}}`,
  });
}

interface Dialect {
  readonly start: string;
  readonly end: string;
  readonly character: (hex: string) => string;
}

function write(node: RegexNode, dialect: Dialect): string {
  switch (node.kind) {
    case "class":
      return writeClass(node, dialect);
    case "assertion":
      return writeAssertion(node.asserts, dialect);
    case "sequence":
      return node.parts.map((part) => write(part, dialect)).join("");
    case "either":
      return `(?:${node.options.map((option) => write(option, dialect)).join("|")})`;
    case "group":
      return `(${write(node.body, dialect)})`;
    case "repeat":
      return `(?:${write(node.body, dialect)})${writeCounts(node.min, node.max)}${node.isLazy ? "?" : ""}`;
  }
}

function writeAssertion(asserts: "start" | "end" | "word-edge" | "no-word-edge", dialect: Dialect): string {
  switch (asserts) {
    case "start":
      return dialect.start;
    case "end":
      return dialect.end;
    case "word-edge":
      return String.raw`\b`;
    case "no-word-edge":
      return String.raw`\B`;
  }
}

function writeCounts(min: number, max: number): string {
  if (min === 0 && max === 1) return "?";
  if (max === Infinity) return ["*", "+"][min] ?? `{${min},}`;
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function writeClass(node: RegexClass, dialect: Dialect): string {
  const [range] = node.set;
  const isOne = !node.isNegated && node.properties.length === 0 && node.set.length === 1 && range?.[0] === range?.[1];
  if (isOne && range) return writeCharacter(range[0], dialect);
  const properties = node.properties.map((name) => (name.startsWith("^") ? `\\P{${name.slice(1)}}` : `\\p{${name}}`));
  return `[${node.isNegated ? "^" : ""}${writeRanges(node.set, dialect)}${properties.join("")}]`;
}

function writeRanges(set: CharSet, dialect: Dialect): string {
  return set
    .map(([first, last]) => {
      const start = writeCharacter(first, dialect);
      return first === last ? start : `${start}-${writeCharacter(last, dialect)}`;
    })
    .join("");
}

function writeCharacter(codePoint: number, dialect: Dialect): string {
  const character = String.fromCodePoint(codePoint);
  return /^[A-Za-z0-9 ]$/.test(character) ? character : dialect.character(codePoint.toString(16));
}
