// Many rules that judge one value by patterns: whatever is sifted out would have said no.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../src/mcp/json.ts";
import { call, decision, revisionOf, said } from "../policy.ts";

/** Filler that no text of these tests meets, so that there are enough rules to sift. */
const FILLER = Array.from({ length: 10 }, (_, index) => rule(`filler-${index}`, `with q "*filler-${index}*"`)).join(
  " ",
);

function rule(id: string, clause: string): string {
  return `rule ${id} when tools/call t ${clause} block`;
}

function verdict(clause: string, args: JsonValue): string | undefined {
  return said(`default allow ${FILLER} ${rule("r", clause)}`, call("t", args))[1];
}

describe("a rule among many that judge the same value", () => {
  test.each([
    ["a glob", 'with q "*drop-table*"', "please drop-table now"],
    ["a glob of two texts, the shorter one first", 'with q "ab*drop-table"', "ab drop-table"],
    ["the second of two patterns", 'with q "*drop-table*" | "erase*"', "erase it"],
    ["a regex", "with q /secret-[a-z]+/", "a secret-word"],
    ["a regex with an optional beginning", "with q /(?:very )?secret/", "secret"],
    ["a regex with a group that repeats", "with q /(?:abc)+d/", "abcabcd"],
    ["a regex with a choice", "with q /one-(?:abc|xyz)-two/", "one-xyz-two"],
    ["a regex that ignores case", "with q /secret/i", "SECRET"],
    ["a regex without a word", "with q /[0-9]{4}/", "2026"],
    ["a glob of paths", 'with q "/etc/**"', "/ETC/passwd"],
    ["a glob with less than three letters", 'with q "*ab*"', "cabd"],
    ["a character outside of the first plane", 'with q "*x😀y*"', "a x😀y b"],
    ["one of two paths", 'with p or q "*drop-table*"', "drop-table"],
  ])("still matches: %s", (_, clause, q) => {
    expect(verdict(clause, { q })).toBe("r");
  });

  test("still matches: the second of two paths, where the first one has nothing", () => {
    expect(verdict('with p or q "*drop-table*"', { p: "fine", q: "drop-table" })).toBe("r");
  });

  test.each([
    ["a list with the text in it", ["drop-table"], "r"],
    ["a mixed list, which is in doubt", ["drop-table", "x"], "r"],
    ["a number, which puts all in doubt", 7, "filler-0"],
  ])("still judges what is no text: %s", (_, q, id) => {
    expect(verdict('with q "*drop-table*"', { q })).toBe(id);
  });

  test("gives the reason of the first one in the file, sifted or not", () => {
    const policy = `default allow ${rule("first", "with q /[x]{3}/")} ${FILLER} ${rule("last", 'with q "xxx*"')}`;
    expect(said(policy, call("t", { q: "xxx filler-3" }))[1]).toBe("first");
    expect(said(policy, call("t", { q: "filler-3 filler-2" }))[1]).toBe("filler-2");
  });

  test("matches exactly when it does alone", () => {
    const pattern = fc.constantFrom(
      '"*aba*"',
      '"bab*"',
      '"*abba" | "b*aab"',
      "/aab+a/",
      "/(?:ab)+ab/",
      "/a?bab[ab]a/",
      "/ab{2}a|bbb/",
      "/^bbab/",
      "/aba/i",
    );
    const patterns = fc.array(pattern, { minLength: 8, maxLength: 12 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "A"), maxLength: 9 });
    fc.assert(
      fc.property(patterns, text, (written, q) => {
        const rules = written.map((one, index) => rule(`r${index}`, `with q ${one}`));
        const message = call("t", { q });
        const alone = rules.find((one) => decision(revisionOf(`default allow ${one}`), message).verdict === "block");
        const id = alone && /^rule (\S+)/.exec(alone)?.[1];
        expect(decision(revisionOf(`default allow ${rules.join(" ")}`), message).rule).toBe(id ?? "default");
      }),
      { numRuns: 150 },
    );
  });
});
