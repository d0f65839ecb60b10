// Laws of patterns, on generated globs and values.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, type Pattern } from "../../src/expression/pattern.ts";

function globs(...texts: readonly string[]): Pattern {
  return compilePattern(texts.map((text) => ({ kind: "glob", text })));
}

function below(path: string): string {
  return `x${path}`;
}

describe("laws", () => {
  const segment = fc.constantFrom("a", "b", "ab", "..", ".", "", "A", "%61", "*", "**", "a*", "?");
  const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join("/")}`);

  test("a plain glob is what the regular expression for it says", () => {
    const glob = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "😀"), maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 7 });
    fc.assert(
      fc.property(glob, text, (written, name) => {
        const source = written.replaceAll("*", ".*").replaceAll("?", ".");
        const isMatch = new RegExp(`^(?:${source})$`, "su").test(name);
        expect(globs(written).matchesName(name)).toBe(isMatch ? "yes" : "no");
      }),
      { numRuns: 3000 },
    );
  });

  test("a path glob on a name is what the regular expression for it says", () => {
    fc.assert(
      // What begins with a slash is a path, and has readings.
      fc.property(path.map(below), path.map(below), (written, name) => {
        const source = written
          .replaceAll(/\/\*\*+(?:\/(?:\*\*+\/)*|$)|\*+|\?|\./g, (mark) => {
            if (mark === ".") return String.raw`\.`;
            if (mark === "?") return "[^/]";
            if (mark === "*") return "[^/]*";
            if (!mark.startsWith("/")) return ".*";
            return mark.endsWith("/") ? "/(?:.*/)?" : "(?:/.*)?";
          })
          .replaceAll("[^/]**", "[^/]*");
        const isMatch = new RegExp(`^(?:${source})$`, "su").test(name);
        expect(globs(written).matchesName(name)).toBe(isMatch ? "yes" : "no");
      }),
      { numRuns: 3000 },
    );
  });

  test("a value that is certain stays so, or falls into doubt, when it is written in another way", () => {
    const disguise = fc.constantFrom<(text: string) => string>(
      (text) => text.replaceAll("a", "%61"),
      (text) => text.replaceAll("/", "//"),
      (text) => `file://${text}`,
      (text) => text.toUpperCase(),
      (text) => text.replaceAll("/", "/./"),
      (text) => `/zz/..${text}`,
      (text) => `${text}/`,
    );
    const plainPath = fc
      .array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 4 })
      .map((segments) => `/${segments.join("/")}`);
    fc.assert(
      fc.property(path, plainPath, disguise, (glob, value, disguised) => {
        const before = globs(glob).matches(value, {});
        const after = globs(glob).matches(disguised(value), {});
        expect([before, "doubt"].includes(after) || before === "doubt").toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("any value gets an answer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (glob, value) => {
        const pattern = globs(glob, `/${glob}`, `https://${glob}/`);
        expect(["yes", "no", "doubt"]).toContain(pattern.matches(value, { root: "/srv" }));
        expect(["yes", "no", "doubt"]).toContain(pattern.isFoundIn(value));
        expect(["yes", "no", "doubt"]).toContain(pattern.matchesName(value));
      }),
      { numRuns: 2000 },
    );
  });
});
