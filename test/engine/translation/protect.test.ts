// What of a text goes to a translator and what stays: the layout, and all that is no prose.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { protectText, restoreText, sourceOf, unitsOf } from "../../../src/engine/translation/protected-text.ts";
import { fillTokens, writeUnit } from "../../../src/engine/translation/unit.ts";

const NOTHING = { names: [], terms: [] };

function sent(text: string, staying: Parameters<typeof protectText>[1] = NOTHING): readonly string[] {
  return unitsOf(protectText(text, staying)).map((unit) => writeUnit(unit));
}

describe("inside a line", () => {
  it.each([
    ["Search issues", "Search issues"],
    ["Use `git log` or ``a ` b``.", "Use ⟦0⟧ or ⟦1⟧."],
    ["A <b>bold</b> word<br/>", "A ⟦0⟧bold⟦1⟧ word⟦2⟧"],
    ["1 < 2 and a > b", "1 < 2 and a > b"],
    ["See [the page](https://a.example/x?y=1) and [that][ref]", "See [the page⟦0⟧ and [that⟦1⟧"],
    ["![a cat](cat.png) sits", "⟦0⟧ sits"],
    ["Read https://a.example/b(c), then write to me@a.example.", "Read ⟦0⟧), then write to ⟦1⟧."],
    ["Ask example.com/help or www.example.org", "Ask ⟦0⟧ or ⟦1⟧"],
    ["Reads /etc/passwd, ~/x, ./a/b.txt and C:\\Users\\me.", "Reads ⟦0⟧, ⟦1⟧, ⟦2⟧ and ⟦3⟧"],
    ["Edit src/main.ts or package.json, and/or nothing.", "Edit ⟦0⟧ or ⟦1⟧, and/or nothing."],
    ["Hello {name}, {{user.id}} has ${count} of $total", "Hello ⟦0⟧, ⟦1⟧ has ⟦2⟧ of ⟦3⟧"],
    ["%s of %1$s, %(x)s, %-5.2f and 50% off", "⟦0⟧ of ⟦1⟧, ⟦2⟧, ⟦3⟧ and 50% off"],
    ["The route /users/:id, at :name", "The route ⟦0⟧⟦1⟧, at ⟦2⟧"],
    ['Such as {"a": {"b": [1]}} or [1, 2], [sic]', "Such as ⟦0⟧ or ⟦1⟧, [sic]"],
    ["Set page_size, maxItems, MAX_SIZE, GitHub and _meta", "Set ⟦0⟧, ⟦1⟧, ⟦2⟧, ⟦3⟧ and ⟦4⟧"],
    ["An API or URL, IMPORTANT: iPhone", "An API or URL, IMPORTANT: ⟦0⟧"],
    ["Run it --dry-run --out=file -x", "Run it ⟦0⟧ ⟦1⟧ -x"],
    ["A ⟦0⟧ that was there", "A ⟦0⟧0⟦1⟧ that was there"],
  ])("%s", (text, expected) => expect(sent(text)).toEqual([expected]));

  it("names stay where they stand in quotes, terms wherever they do", () =>
    expect(
      sent('Call "search" or “query”, then search the query with Acme', {
        names: ["search", "query"],
        terms: ["Acme"],
      }),
    ).toEqual(['Call "⟦0⟧" or “⟦1⟧”, then search the query with ⟦2⟧']));

  it("names and terms are letters, no patterns", () =>
    expect(sent('Say "a.b" and "axb" to C++ (x) by Wi-Fi', { names: ["a.b"], terms: ["C++", "(x)", "Wi-Fi"] })).toEqual(
      ['Say "⟦0⟧" and "axb" to ⟦1⟧ ⟦2⟧ by ⟦3⟧'],
    ));
});

describe("the layout", () => {
  it.each<readonly [string, string, readonly string[]]>([
    ["blank lines part paragraphs", "One\ntwo\n\n\nThree", ["One\ntwo", "Three"]],
    ["headings", "# Head ##\nText", ["Head ##", "Text"]],
    ["lists", "- one\n- two\n  more\n  1. three\n* [ ] four", ["one", "two", "more", "three", "four"]],
    ["quotes", "> said\n> again", ["said", "again"]],
    ["tables", "| A | B |\n|---|:-:|\n| c | d e |", ["A", "B", "c", "d e"]],
    ["fenced code", "Run:\n```sh\nrm all\n```\nDone", ["Run:", "Done"]],
    ["code that is never closed", "Run:\n~~~\nrm all\n\nDone", ["Run:"]],
    ["indented code", "Run:\n\n    rm all\n\nDone", ["Run:", "Done"]],
    [
      "a docstring",
      "Finds it.\n\nArgs:\n    q: What to find\n    n: How many",
      ["Finds it.", "Args:", "q: What to find", "n: How many"],
    ],
    ["nothing but marks and numbers", "---\n\n# 42\n\n`a` {b}", []],
    ["Windows' line ends", "One\r\n\r\nTwo\r\n", ["One", "Two"]],
  ])("%s", (_, text, units) => expect(sent(text)).toEqual(units));
});

it("what is longer than any text for people is not taken apart", () => {
  expect(sent("word ".repeat(20_000))).toHaveLength(1);
  expect(sent("word ".repeat(20_001))).toEqual([]);
});

describe("laws", () => {
  const scraps = [
    "word",
    "Zwei Wörter",
    "`code`",
    "```\nx\n```",
    "<b>",
    "</b>",
    "[a](b)",
    "![x](y)",
    "https://a.example/x",
    "a@b.example",
    "/etc/x",
    "{x}",
    "{{y}}",
    "${z}",
    "$q",
    "%s",
    ":id",
    '{"a":1}',
    "[1]",
    "snake_case",
    "camelCase",
    "--flag",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "# ",
    "- ",
    "1. ",
    "| a | b |",
    "> ",
    "⟦",
    "⟧",
    "⟦0⟧",
    '"name"',
    ".",
    ",",
    "😀",
    "\r\n",
    "\\",
  ] as const;
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...scraps), { maxLength: 30 }).map((parts) => parts.join("")),
    fc.array(fc.constantFrom(...scraps), { maxLength: 30 }).map((parts) => parts.join(" ")),
    fc.string({ unit: "binary", maxLength: 200 }),
  );
  const staying = { names: ["name"], terms: ["word"] };

  it("what is taken apart and put together again is the same", () =>
    fc.assert(
      fc.property(texts, (text) => {
        const taken = protectText(text, staying);
        expect(restoreText(taken, [])).toBe(text);
        const units = unitsOf(taken);
        expect(
          restoreText(
            taken,
            units.map((unit) => fillTokens(unit, writeUnit(unit))),
          ),
        ).toBe(text);
        for (const unit of units) expect(sourceOf(unit)).toBe(fillTokens(unit, writeUnit(unit)));
      }),
      { numRuns: 2000 },
    ));

  it("nothing that looks like a token is sent but tokens", () =>
    fc.assert(
      fc.property(texts, (text) => {
        const segments = unitsOf(protectText(text, staying)).flatMap((unit) => unit.segments);
        expect(segments.filter((segment) => segment.kind === "words" && /[⟦⟧]/.test(segment.text))).toEqual([]);
      }),
      { numRuns: 1000 },
    ));

  it.each([
    "a",
    "a_",
    "_",
    "`",
    "<a",
    "<!--",
    "![",
    "](",
    "][",
    "+",
    "a@",
    "a.",
    "/a",
    "a/",
    "{",
    "[",
    '{"',
    "%",
    "$",
    ":a",
    "--a",
    "A",
    "aB",
    "1. ",
    "> ",
    "| ",
    "\n",
    "    a\n",
    "http://",
    "⟦",
    "'",
  ])("as much as is taken of %j is taken apart in time", (scrap) => {
    const text = scrap.repeat(Math.floor(100_000 / scrap.length));
    const start = performance.now();
    expect(restoreText(protectText(text, { names: ["a"], terms: ["b"] }), [])).toBe(text);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
