// Regular expressions: what is accepted, what is refused and where, and that time stays linear.
import * as fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { compileRegex, type LinearRegex } from "../../../src/expression/regex/regex.ts";
import { isProvenLinear } from "../../../src/expression/regex/regex-linear.ts";
import { parseRegex } from "../../../src/expression/regex/regex-syntax.ts";
import { writeForNative, writeForRe2 } from "../../../src/expression/regex/regex-writer.ts";

function regex(source: string, flags = ""): LinearRegex {
  const compiled = compileRegex(source, flags);
  if (compiled.kind === "problem") throw new Error(compiled.message);
  return compiled.regex;
}

describe("a regex finds what JavaScript's would", () => {
  test.each([
    ["AKIA[0-9A-Z]{16}", "", "key AKIAABCDEFGHIJKLMNOP", true],
    ["AKIA[0-9A-Z]{16}", "", "key akiaABCDEFGHIJKLMNOP", false],
    ["akia[0-9a-z]{16}", "i", "key AKIAABCDEFGHIJKLMNOP", true],
    ["^a.c$", "", "abc", true],
    ["^a.c$", "", "a\nc", false],
    ["^a.c$", "s", "a\nc", true],
    ["^b$", "", "a\nb\nc", false],
    ["^b$", "m", "a\nb\nc", true],
    [String.raw`\bfoo\b`, "", "a foo b", true],
    [String.raw`\bfoo\b`, "", "afoob", false],
    [String.raw`\d{3}-\d{4}`, "", "call 555-1234", true],
    [String.raw`[\w.+-]+@[\w-]+\.[\w.]+`, "", "to a.b@c.org", true],
    [String.raw`\u{1f600}`, "", "a 😀", true],
    [String.raw`\ud83d\ude00`, "", "a 😀", true],
    ["^.$", "", "😀", true],
    [String.raw`\x41\u0042`, "", "AB", true],
    [String.raw`\p{Lu}\P{L}`, "", "aB1", true],
    [String.raw`[\p{Nd}x]`, "", "٣", true],
    ["[^a]", "i", "A", false],
    [String.raw`\W`, "i", "s", false],
    ["(?<year>[0-9]{4})", "", "in 2024", true],
    ["a{", "", "a{", true],
    ["a{,3}", "", "a{,3}", true],
    [String.raw`[\]\-\\]`, "", "x-", true],
    ["[a-]", "", "-", true],
    [String.raw`a\/b`, "", "a/b", true],
    [String.raw`[\b]`, "", "\b", true],
    [String.raw`\cA`.replace("cA", "0"), "", "\0", true],
    ["", "", "", true],
    ["a|", "", "x", true],
    ["k", "i", "\u212a", true],
    [String.raw`\s`, "", "\u00a0", true],
    ["colou?r", "", "the color", true],
    ["(?:a|b)+?c", "", "ababc", true],
  ])("/%s/%s on %j", (source, flags, text, found) => {
    expect(regex(source, flags).test(text)).toBe(found);
  });
});

describe("what is not linear or not known is refused with its place", () => {
  test.each([
    ["a(?=b)", "", "look-around cannot be matched in linear time", 1],
    ["a(?!b)", "", "look-around cannot be matched in linear time", 1],
    ["(?<=a)b", "", "look-around cannot be matched in linear time", 0],
    ["(?<!a)b", "", "look-around cannot be matched in linear time", 0],
    [String.raw`(a)\1`, "", "a back-reference cannot be matched in linear time", 3],
    [String.raw`(?<x>a)\k<x>`, "", "a back-reference cannot be matched in linear time", 7],
    ["(?i)a", "", "flags stand behind the regex: `/…/i`", 0],
    ["(?i:a)", "", "flags stand behind the regex: `/…/i`", 0],
    ["(?P<x>a)", "", "a named group is written `(?<name>…)`", 0],
    ["(?>a)", "", "there is no such kind of group; there are `( )`, `(?: )` and `(?<name> )`", 0],
    ["ab(c", "", "a `(` without its `)`", 2],
    ["ab)c", "", "a `)` without its `(`", 2],
    ["a[bc", "", "a `[` without its `]`", 1],
    ["[]a", "", "an empty class; write `\\]` for the bracket itself", 0],
    ["[[:alpha:]]", "", "there are no `[:…:]` classes; write the characters", 1],
    ["[z-a]", "", "the lower end of a range comes first", 1],
    [String.raw`[a-\d]`, "", "a range goes from one character to another", 1],
    ["*a", "", "there is nothing to repeat here", 0],
    ["a|+", "", "there is nothing to repeat here", 2],
    ["^*", "", "there is nothing to repeat here", 0],
    ["a**", "", "a repeat cannot be repeated; put it in `(?: )`", 2],
    ["a{3,1}", "", "the smaller count of a repeat comes first", 1],
    ["a{1001}", "", "a repeat may count to 1000", 1],
    ["(?:a{100}){11}", "", "too large once its repeats are written out", 0],
    [String.raw`\q`, "", String.raw`there is no escape \`\q\``.replaceAll("\\`", "`"), 0],
    [String.raw`a\Z`, "", "there is no escape `\\Z`", 1],
    ["a\\", "", "a `\\` with nothing after it", 1],
    [String.raw`\u12`, "", "`\\u` wants hex digits", 0],
    [String.raw`\u{110000}`, "", "`\\u` wants hex digits", 0],
    [String.raw`\p{Greek}`, "", "only general categories such as `\\p{L}` or `\\p{Nd}` are known", 0],
    ["(?<a>x)(?<a>y)", "", "two groups are called `a`", 7],
    ["a", "g", "there is no flag `g`; flags are `i`, `m` and `s`", 1],
    ["a", "ii", "a flag stands twice", 1],
    ["(".repeat(101) + ")".repeat(101), "", "groups are nested too deeply", 100],
  ])("/%s/%s", (source, flags, message, offset) => {
    expect(compileRegex(source, flags)).toEqual({ kind: "problem", message, offset });
  });
});

describe("replacing", () => {
  test.each([
    [String.raw`(\d{4})-(\d{2})`, "", "on 2024-05 and 2025-06", "$2/$1", "on 05/2024 and 06/2025"],
    [String.raw`\d+`, "", "a1b22", "<$0>", "a<1>b<22>"],
    ["a", "", "aa", "$$1", "$1$1"],
    ["(a)|(b)", "", "ab", "[$1$2$3]", "[a$3][b$3]"],
    ["(a)", "", "a", "$10", "a0"],
    ["x*", "", "axxb", "-", "a-b"],
    ["ghp_[A-Za-z0-9]{8}([A-Za-z0-9]{4})", "", "ghp_abcdefgh1234", "****$1", "****1234"],
    ["é", "i", "É", "e", "e"],
    ["😀", "", "a😀b", "", "ab"],
    ["(?:a+b)+", "", "xaabaabx aab", "#", "x#x #"],
  ])("/%s/%s in %j", (source, flags, text, template, outcome) => {
    expect(regex(source, flags).replaceAll(text, template)).toBe(outcome);
  });

  test("gives up where finding every match would read the text again and again", () => {
    const found = regex("(?:[a-z]|[0-9])+!|a").replaceAll("a".repeat(100_000), "");
    expect(found).toBeUndefined();
  });
});

describe("the native engine runs what is proven linear, and only that", () => {
  test.each([
    ["AKIA[0-9A-Z]{16}", "native"],
    ["ghp_[A-Za-z0-9]{36}", "native"],
    ["sk-[A-Za-z0-9]+", "native"],
    ["-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----", "native"],
    [String.raw`(?:\d{1,3}\.){3}\d{1,3}`, "native"],
    [String.raw`password\s*=\s*\S+`, "native"],
    ['"[^"]*"', "native"],
    [String.raw`^\s*[a-z]+\s*$`, "native"],
    ["^a*$", "native"],
    ["a*b", "re2"],
    ["a*$", "re2"],
    ["(a+)+$", "re2"],
    ["(a|a)*$", "re2"],
    ["^(a|a)*$", "re2"],
    [String.raw`\s+$`, "re2"],
    [".*foo", "re2"],
    ["^a*a*b", "re2"],
    ["([a-z])+x", "re2"],
    ["(a|b|ab){40}c", "re2"],
    ["(?:a?){30}a{30}", "re2"],
    ["y(?:y*z)?", "re2"],
  ])("/%s/ on %s", (source, engine) => {
    expect(regex(source).engine).toBe(engine);
  });

  test.each([
    ["(a+)+$", "a"],
    ["(a|a)*$", "a"],
    ["(a|aa)+$", "a"],
    ["([a-zA-Z]+)*$", "a"],
    [String.raw`^(\w+\s?)*$`, "a"],
    ["(.*a){20}", "a"],
    ["a*a*a*a*b", "a"],
    [String.raw`\s+$`, " "],
    ["(x+x+)+y", "x"],
    ["^(([a-z])+.)+[A-Z]([a-z])+$", "a"],
    [String.raw`(?:[\w.-]+)*@`, "a"],
    ['"(?:[^"\\\\]|\\\\.)*"', '"a'],
    [String.raw`password\s*=\s*\S+`, "password =  "],
    ["-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----", "-----BEGIN "],
    ["[a-z]{1,60}[0-9]*x", "a1"],
  ])("/%s/ takes linear time on 100,000 characters", (source, unit) => {
    const text = unit.repeat(100_000 / unit.length) + "\n!";
    const compiled = regex(source);
    const started = performance.now();
    compiled.test(text);
    compiled.find(text, 0);
    compiled.replaceAll(text, "");
    expect(performance.now() - started).toBeLessThan(6000);
  });
});

const atom = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "1",
    " ",
    "é",
    ".",
    "[ab]",
    "[^a]",
    String.raw`\d`,
    String.raw`\w`,
    String.raw`\S`,
    "[0-9a]",
  ),
  fc.constantFrom("^", "$", String.raw`\b`),
);
const source: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc.tuple(tie("node"), tie("node")).map((both) => both.join("")),
    fc.tuple(tie("node"), tie("node")).map(([one, other]) => `(?:${one}|${other})`),
    tie("node").map((body) => `(${body})`),
    fc
      .tuple(tie("node"), fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "*?", "+?", "{2,}"))
      .map(([body, repeat]) => `(?:a${body}|b)${repeat}`),
    fc
      .tuple(fc.constantFrom("a", "[ab]", String.raw`\d`, "[^b]"), fc.constantFrom("*", "+", "{2,}"))
      .map((both) => both.join("")),
  ),
})).node;
const text = fc.string({ unit: fc.constantFrom("a", "b", "1", " ", "é", "\n", "A", "😀"), maxLength: 12 });

test("both engines read the same characters into a regex", () => {
  fc.assert(
    fc.property(source, fc.constantFrom("", "i", "s"), text, (written, flags, subject) => {
      const parsed = parseRegex(written, flags);
      if (parsed.kind === "problem") return;
      const native = new RegExp(writeForNative(parsed.node), flags.includes("i") ? "iu" : "u");
      const re2 = RE2JS.compile(writeForRe2(parsed.node, false), flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0);
      const match = native.exec(subject);
      expect(re2.test(subject)).toBe(match !== null);
      // Repeats of what may be empty end a match elsewhere in JavaScript; they never run there.
      if (!isProvenLinear(parsed.node, flags.includes("i"))) return;
      const matcher = re2.matcher(subject);
      const found = matcher.find() ? [matcher.start(), matcher.end()] : undefined;
      expect(found).toEqual(match ? [match.index, match.index + match[0].length] : undefined);
    }),
    { numRuns: 3000 },
  );
});

test("a proven regex takes steps in proportion to the text, also to find every match", () => {
  fc.assert(
    fc.property(source, fc.constantFrom("a", "ab", "1a", "a ", "bba"), (written, unit) => {
      const compiled = compileRegex(written, "");
      if (compiled.kind === "problem" || compiled.regex.engine !== "native") return;
      const subject = unit.repeat(20_000 / unit.length);
      const started = performance.now();
      compiled.regex.replaceAll(subject, "");
      expect(performance.now() - started).toBeLessThan(300);
    }),
    { numRuns: 500 },
  );
}, 60_000);

describe("the word of a regex stands in every match", () => {
  test.each([
    ["secret-7-[a-z]+", "secret-7-"],
    ["^key: .*$", "key: "],
    ["ab(cd)ef", "abcdef"],
    ["a(?:bc)+d", "bc"],
    ["abc?d", "ab"],
    ["one|two", ""],
    ["[ab]{3}", ""],
    ["[^a]bcd", "bcd"],
    [String.raw`\bfoo\b-bar`, "foo-bar"],
    [String.raw`a\u{1f600}b`, "a😀b"],
  ])("/%s/: %j", (source, word) => {
    expect(regex(source).word).toBe(word);
  });

  test("not where case does not count", () => {
    expect(regex("secret", "i").word).toBe("");
  });
});
