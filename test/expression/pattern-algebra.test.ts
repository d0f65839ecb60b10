// What can be proven of two patterns.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWithin, mayOverlap } from "../../src/expression/pattern-algebra.ts";
import { compilePattern, type Pattern } from "../../src/expression/pattern.ts";

function pattern(text: string): Pattern {
  return compilePattern(
    text.split(" | ").map((part) => {
      if (/^\d+$/.test(part)) return { kind: "literal", value: Number(part) };
      const regex = /^\/(.*)\/r$/.exec(part)?.[1];
      return regex === undefined ? { kind: "glob", text: part } : { kind: "regex", source: regex, flags: "" };
    }),
  );
}

describe("one lies within the other", () => {
  test.each([
    ["get_file", "get_*", true],
    ["get_*", "get_*", true],
    ["get_*", "get_file", false],
    ["get_*_file", "get_*", true],
    ["get_* | list_*", "*_* | x", true],
    ["get_* | x", "get_*", false],
    ["a*b*", "a*", true],
    ["a?", "a*", true],
    ["a*", "a?*", false],
    ["**", "*", true],
    ["tools/call", "tools/*", true],
    ["tools/*", "tools/**", true],
    ["tools/**", "tools/*", false],
    ["tools/call", "*", true],
    ["/srv/app/**", "/srv/**", true],
    ["/srv/*", "/srv/**", true],
    ["/srv", "/srv/**", true],
    ["/srvx", "/srv/**", false],
    ["/srv/../etc", "/srv/**", false],
    ["src/**", "/src/**", false],
    ["**/.env", "/**", false],
    ["file:///srv/a", "/srv/**", false],
    ["https://a.example.com/**", "https://*.example.com/**", false],
    ["https://a.example.com/**", "https://a.example.com/**", true],
    ["abc", "/b/r", true],
    ["ac", "/b/r", false],
    ["a*c", "/a/r", false],
    ["/b/r", "/b/r", true],
    ["/b/r", "*", true],
    ["5", "5 | 6", true],
    ["5", "*", false],
  ])("%s in %s: %s", (inner, outer, within) => {
    expect(isWithin(pattern(inner), pattern(outer))).toBe(within);
  });
});

describe("they may both match something", () => {
  test.each([
    ["get_*", "list_*", false],
    ["get_*", "*_file", true],
    ["a*", "*b", true],
    ["a?", "a", false],
    ["get_* | x", "x | y", true],
    ["tools/*", "tools/a/b", false],
    ["tools/**", "tools/a/b", true],
    ["/srv/**", "/etc/**", false],
    ["/srv/**", "/SRV/x", true],
    ["/srv/**", "/srv/../etc", true],
    ["src/**", "/srv/**", true],
    ["abc", "/b/r", true],
    ["ac", "/b/r", false],
    ["a*", "/b/r", true],
    ["/a/r", "/b/r", true],
    ["5", "6", false],
    ["5", "5", true],
    ["5", "*", false],
  ])("%s and %s: %s", (one, other, overlap) => {
    expect(mayOverlap(pattern(one), pattern(other))).toBe(overlap);
    expect(mayOverlap(pattern(other), pattern(one))).toBe(overlap);
  });
});

test("what is proven holds of every text", () => {
  const glob = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), minLength: 1, maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "/", "A"), maxLength: 6 });
  fc.assert(
    fc.property(glob, glob, text, (one, other, value) => {
      const [inner, outer] = [pattern(one), pattern(other)];
      for (const ask of [(asked: Pattern) => asked.matchesName(value), (asked: Pattern) => asked.matches(value, {})]) {
        const truths = [ask(inner), ask(outer)];
        expect(isWithin(inner, outer) && truths[0] === "yes" && truths[1] !== "yes").toBe(false);
        expect(!mayOverlap(inner, outer) && truths.every((truth) => truth === "yes")).toBe(false);
      }
    }),
    { numRuns: 5000 },
  );
});
