// Regular expressions that take time linear in the text, always: Node's own engine where that is proven, RE2 elsewhere.
import { RE2JS } from "re2js";
import { DIGITS, union, type CharSet } from "./char-set.ts";
import { isProvenLinear } from "./regex-linear.ts";
import { canBeEmpty, canMatchWithin, charactersReadAfter, reachOfLoops, shortestMatch } from "./regex-reach.ts";
import { parseRegex } from "./regex-syntax.ts";
import type { RegexNode } from "./regex-tree.ts";
import { wordOf } from "./regex-word.ts";
import { writeForNative, writeForRe2 } from "./regex-writer.ts";

export interface LinearRegex {
  readonly source: string;
  /** Any of `i m s`. */
  readonly flags: string;
  /** How many `( )` capture. */
  readonly groups: number;
  readonly engine: "native" | "re2";
  readonly matchesEmpty: boolean;
  /** No match has fewer UTF-16 units. */
  readonly shortest: number;
  /** Stands in every match; empty: nobody knows such a text. */
  readonly word: string;
  /** For the native engine; `undefined`: it is not proven linear there. */
  readonly native: string | undefined;
  /** It may match something that consists of what JSON's numbers are written with. */
  readonly mayBeNumber: boolean;
  test(text: string): boolean;
  /** The first match at or after `from`. */
  find(text: string, from: number): RegexMatch | undefined;
  /**
   * Every match that is not empty replaced: `$1` is a group's text, `$0` the match, `$$` a dollar. `undefined`: to find
   * all matches would take more than linear time, which no engine can rule out for all regexes.
   */
  replaceAll(text: string, template: string): string | undefined;
}

/** UTF-16 offsets. */
export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

export type CompiledRegex =
  /** `node`: what `source` was read as. */
  | { readonly kind: "regex"; readonly regex: LinearRegex; readonly node: RegexNode }
  /** `offset` in `source`. */
  | { readonly kind: "problem"; readonly message: string; readonly offset: number };

/** Flags: `i` ignores case, `m` lets `^` and `$` match at line feeds, `s` lets `.` match line ends. */
export function compileRegex(source: string, flags: string): CompiledRegex {
  const key = `${flags}/${source}`;
  const known = latest.get(key);
  if (known !== undefined) return known;
  if (latest.size >= MOST_LATEST) latest.clear();
  const compiled = compile(source, flags);
  latest.set(key, compiled);
  return compiled;
}

/**
 * What was compiled lately: a regex is checked, shown on a sample and compiled for the policy, one right after the other.
 * Measured on 1,000 rules with 200 of them: compiling them once and not five times is a sixth of `check`.
 */
const latest = new Map<string, CompiledRegex>();
const MOST_LATEST = 32;

function compile(source: string, flags: string): CompiledRegex {
  const parsed = parseRegex(source, flags);
  if (parsed.kind === "problem") return parsed;
  const isNative = !flags.includes("m") && isProvenLinear(parsed.node, flags.includes("i"));
  const native = isNative ? writeForNative(parsed.node) : undefined;
  const engine = native === undefined ? re2Engine(parsed.node, flags) : nativeEngine(native, flags);
  const matchesEmpty = canBeEmpty(parsed.node);
  const shortest = shortestMatch(parsed.node);
  const word = flags.includes("i") ? "" : wordOf(parsed.node);
  const mayBeNumber = canMatchWithin(parsed.node, NUMBER_CHARACTERS, flags.includes("i"));
  return {
    kind: "regex",
    node: parsed.node,
    regex: { source, flags, groups: parsed.groups, matchesEmpty, shortest, word, native, mayBeNumber, ...engine },
  };
}

/** `0-9`, `+`, `-`, `.`, `E`, `e`. */
const NUMBER_CHARACTERS: CharSet = union(DIGITS, [[0x2b, 0x2b]], [[0x2d, 0x2e]], [[0x45, 0x45]], [[0x65, 0x65]]);

type Engine = Pick<LinearRegex, "engine" | "test" | "find" | "replaceAll">;

function nativeEngine(source: string, flags: string): Engine {
  const regex = new RegExp(source, flags.includes("i") ? "giu" : "gu");
  const find = (text: string, from: number): RegexMatch | undefined => {
    regex.lastIndex = from;
    const match = regex.exec(text);
    return match ? { start: match.index, end: regex.lastIndex, groups: match.slice(1) } : undefined;
  };
  return {
    engine: "native",
    test: (text) => {
      regex.lastIndex = 0;
      return regex.test(text);
    },
    find,
    replaceAll: (text, template) => replaceMatches(text, template, find, () => 0),
  };
}

function re2Engine(node: RegexNode, flags: string): Engine {
  const isCaseIgnored = flags.includes("i");
  const regex = RE2JS.compile(writeForRe2(node, flags.includes("m")), isCaseIgnored ? RE2JS.CASE_INSENSITIVE : 0);
  const reach = reachOfLoops(node, isCaseIgnored);
  const find = (text: string, from: number): RegexMatch | undefined => {
    const matcher = regex.matcher(text);
    if (from > text.length || !matcher.find(from)) return undefined;
    const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? undefined);
    return { start: matcher.start(), end: matcher.end(), groups };
  };
  return {
    engine: "re2",
    test: (text) => regex.test(text),
    find,
    replaceAll: (text, template) =>
      replaceMatches(text, template, find, (end) => charactersReadAfter(text, end, reach)),
  };
}

/** Characters read again that finding all matches may cost in all, beside these per character of the text. */
const MOST_READ_AGAIN = 5_000_000;
const MOST_READ_AGAIN_PER_CHARACTER = 64;

function replaceMatches(
  text: string,
  template: string,
  find: LinearRegex["find"],
  readAgainAfter: (end: number) => number,
): string | undefined {
  const pieces: string[] = [];
  let written = 0;
  let readAgain = 0;
  for (let match = find(text, 0); match; match = find(text, nextStart(text, match))) {
    readAgain += readAgainAfter(match.end);
    if (readAgain > MOST_READ_AGAIN + MOST_READ_AGAIN_PER_CHARACTER * text.length) return undefined;
    if (match.end === match.start) continue;
    pieces.push(
      text.slice(written, match.start),
      fillTemplate(template, text.slice(match.start, match.end), match.groups),
    );
    written = match.end;
  }
  return written === 0 ? text : pieces.join("") + text.slice(written);
}

function nextStart(text: string, match: RegexMatch): number {
  if (match.end > match.start) return match.end;
  return match.end + ((text.codePointAt(match.end) ?? 0) > 0xffff ? 2 : 1);
}

/** A group that took no part is empty; a number beyond the groups is text. */
export function fillTemplate(template: string, match: string, groups: RegexMatch["groups"]): string {
  if (!template.includes("$")) return template;
  return template.replace(/\$(?:(\$)|(\d)(\d)?)/g, (written: string, dollar?: string, first = "", second = "") => {
    if (dollar !== undefined) return "$";
    const both = Number(first + second);
    if (second !== "" && both >= 1 && both <= groups.length) return groups[both - 1] ?? "";
    if (Number(first) > groups.length) return written;
    return (Number(first) === 0 ? match : (groups[Number(first) - 1] ?? "")) + second;
  });
}
