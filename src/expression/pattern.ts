// Patterns: globs, regular expressions and literals joined by `|`, asked of names, of values and of whole bodies.
import { isJsonArray, isJsonObject, type JsonValue } from "../mcp/json.ts";
import { equals } from "./compare.ts";
import type { PathHome } from "./glob/file-path.ts";
import { textTest, type TextTest } from "./glob/glob-kind.ts";
import { plainCaptures, plainTokens } from "./glob/glob.ts";
import { elementsOf } from "./path.ts";
import { compileRegex, type LinearRegex } from "./regex/regex.ts";
import { agreed, some, type Truth } from "./truth.ts";

export type { PathHome } from "./glob/file-path.ts";

export type PatternPart =
  | { readonly kind: "glob"; readonly text: string }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string }
  | { readonly kind: "literal"; readonly value: number | boolean | null };

export interface Pattern {
  readonly parts: readonly PatternPart[];
  /** As one would write it: `get_* | /^a/`. */
  readonly text: string;
  /** Of a name, method, server or user: plain globs over the whole of it. Of a URI, the readings of a path or URL glob. */
  matchesName(name: string): Truth;
  /** Of a value in a body: with all readings of path globs; of a list, every element; absent: no. */
  matches(value: JsonValue | undefined, home: PathHome): Truth;
  /** Whether any text anywhere in the value is matched, keys included. */
  isFoundIn(value: JsonValue): Truth;
  /** One of these stands in every text of which `matches` says other than no; `undefined`: nobody knows such texts. */
  readonly words: readonly string[] | undefined;
  /** What each `*` of a pattern that is one glob takes of a name it matches, in order. */
  captures(name: string): readonly string[] | undefined;
}

/** Regexes were checked with `compileRegex` before: one that is not linear is our own bug and throws. */
export function compilePattern(parts: readonly PatternPart[]): Pattern {
  const tests = parts.flatMap(testOf);
  const literals = parts.flatMap((part) => (part.kind === "literal" ? [part.value] : []));
  const [only] = tests;
  const [part] = parts;
  const tokens = parts.length === 1 && part?.kind === "glob" ? plainTokens(part.text) : undefined;
  // One glob is by far the most common pattern, and worth a way of its own.
  const ofName: (name: string) => Truth =
    tests.length === 1 && only ? only.ofName : (name) => some(tests.map((test) => test.ofName(name)));
  return {
    parts,
    text: parts.map(textOf).join(" | "),
    matchesName: ofName,
    matches: (value, home) =>
      typeof value === "string" ? ofText(tests, value, home) : ofValue(tests, literals, value, home),
    isFoundIn: (value) => foundIn(tests, literals, value),
    words: tests.length > 0 && tests.every(({ word }) => word !== "") ? tests.map(({ word }) => word) : undefined,
    captures: (name) => (tokens && ofName(name) !== "no" ? plainCaptures(tokens, name) : undefined),
  };
}

/** The regex of a part that was checked before. */
export function checkedRegex(source: string, flags: string): LinearRegex {
  const compiled = compileRegex(source, flags);
  if (compiled.kind === "problem") throw new Error(`unchecked regex /${source}/${flags}: ${compiled.message}`);
  return compiled.regex;
}

function testOf(part: PatternPart): readonly TextTest[] {
  switch (part.kind) {
    case "glob":
      return [textTest(part.text)];
    case "regex": {
      const regex = checkedRegex(part.source, part.flags);
      const found = (text: string): Truth => (regex.test(text) ? "yes" : "no");
      return [{ ofName: found, ofValue: found, ofAnyText: found, word: regex.word }];
    }
    case "literal":
      return [];
  }
}

function ofText(tests: readonly TextTest[], text: string, home: PathHome): Truth {
  const [first] = tests;
  // Literals only: a text is not of their type.
  if (!first) return "doubt";
  return tests.length === 1 ? first.ofValue(text, home) : some(tests.map((test) => test.ofValue(text, home)));
}

function ofValue(
  tests: readonly TextTest[],
  literals: readonly JsonValue[],
  value: JsonValue | undefined,
  home: PathHome,
): Truth {
  if (value === undefined) return "no";
  if (isJsonArray(value)) {
    const elements = elementsOf(value);
    return agreed(
      elements.map((element) =>
        typeof element === "string" ? ofText(tests, element, home) : ofLiteral(literals, element),
      ),
    );
  }
  return ofLiteral(literals, value);
}

/** What is neither text nor of a literal's own type is in doubt. */
function ofLiteral(literals: readonly JsonValue[], value: JsonValue): Truth {
  const alike = literals.filter(
    (literal) => typeof literal === typeof value && (literal === null) === (value === null),
  );
  return alike.length === 0 ? "doubt" : some(alike.map((literal) => equals(value, literal)));
}

function foundIn(tests: readonly TextTest[], literals: readonly JsonValue[], value: JsonValue): Truth {
  if (typeof value === "string") return some(tests.map((test) => test.ofAnyText(value)));
  if (isJsonArray(value)) return some(values(value.map((element) => () => foundIn(tests, literals, element))));
  if (!isJsonObject(value)) return some(literals.map((literal) => (equals(value, literal) === "yes" ? "yes" : "no")));
  const members = Object.entries(value).flatMap(([key, member]) => [
    () => foundIn(tests, literals, key),
    () => foundIn(tests, literals, member),
  ]);
  return some(values(members));
}

/** One after the other, so that the first yes ends it. */
function* values(questions: readonly (() => Truth)[]): Iterable<Truth> {
  for (const question of questions) yield question();
}

function textOf(part: PatternPart): string {
  switch (part.kind) {
    case "glob":
      return /^[A-Za-z_*][A-Za-z0-9_.:*?-]*$/.test(part.text) ? part.text : JSON.stringify(part.text);
    case "regex":
      return `/${part.source}/${part.flags}`;
    case "literal":
      return String(part.value);
  }
}
