// The written grammar and the parser say the same, and the parser never has to guess.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PolicyParser } from "../../src/language/grammar/parser.ts";
import { expandEbnf, expandGast, readEbnf, textOf } from "./ebnf.ts";

const written = readFileSync(new URL("../../grammar/mcprules.ebnf", import.meta.url), "utf8");
const parser = new PolicyParser(true);
const ofParser = textOf(expandGast(parser.getSerializedGastProductions(), "file"));
const ofText = (text: string): string => textOf(expandEbnf(readEbnf(text), "file"));

/** Some words around it: the whole would fill pages. */
function firstDifference(one: string, other: string): string | undefined {
  if (one === other) return undefined;
  let at = 0;
  while (one[at] === other[at]) at += 1;
  return `…${one.slice(Math.max(0, at - 60), at + 60)}… against …${other.slice(Math.max(0, at - 60), at + 60)}…`;
}

describe("grammar/mcprules.ebnf", () => {
  test("says what the parser reads", () => {
    expect(firstDifference(ofText(written), ofParser)).toBeUndefined();
  });

  test("describes every token it names, and no other", () => {
    const { productions, described } = readEbnf(written);
    const named = [...productions.values()].flat().filter((word) => /^[A-Z]+$/.test(word));
    expect([...new Set(named)].sort()).toEqual([...described].sort());
  });

  test("names every production it has", () => {
    const { productions } = readEbnf(written);
    const used = new Set([...productions.values()].flat());
    expect([...productions.keys()].filter((name) => !used.has(name))).toEqual(["file"]);
  });

  const productions = written.slice(0, written.indexOf("(* Tokens."));
  const code = productions.replaceAll(/\(\*[\s\S]*?\*\)/g, (comment) => " ".repeat(comment.length));
  const words = [...code.matchAll(/"[^"]*"|(?<= )[A-Z]+\b/g)];

  test.each(words.map((match) => [match[0], match.index] as const))("would be caught without %s at %d", (word, at) => {
    const planted = `${written.slice(0, at)}OTHER${written.slice(at + word.length)}`;
    expect(firstDifference(ofText(planted), ofParser)).toBeDefined();
  });
});

describe("the parser", () => {
  test("is built without a report of ambiguity", () => {
    expect(() => new PolicyParser(true)).not.toThrow();
  });
});
