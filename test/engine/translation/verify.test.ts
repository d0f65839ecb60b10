// Which answers of a translator are believed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { protectText, unitsOf } from "../../../src/engine/translation/protected-text.ts";
import { type Unit, tokensOf, writeUnit } from "../../../src/engine/translation/unit.ts";
import { faultOf, lostIn } from "../../../src/engine/translation/verify-translation.ts";

function unitOf(text: string): Unit {
  const [unit] = unitsOf(protectText(text, { names: [], terms: [] }));
  if (unit === undefined) throw new Error("no unit");
  return unit;
}

describe("an answer", () => {
  it.each([
    ["Search issues in {repo}", "Chercher des tickets dans ⟦0⟧"],
    ["Use `a` before `b`", "Vor ⟦1⟧ kommt ⟦0⟧"],
    ["At most 1,000.5 of 20 items", "Au plus 1 000,5 des 20 éléments"],
    ["At most 1,000.5 of 20 items", "Von 20 Stück höchstens 1.000,5"],
    ["One\ntwo lines", "Une\ndeux lignes"],
    ["OK", "D'accord"],
    ["Search the issues of a repository and its forks", "搜索仓库及其分支中的问题和讨论"],
    ["Save", "ذخیره می‌کند"],
  ])("to %j may be %j", (text, answer) => expect(faultOf(unitOf(text), answer)).toBeUndefined());

  it.each([
    ["Search {repo}", "Chercher", "what has to stay is not all there, once"],
    ["Search {repo}", "Chercher ⟦0⟧ ⟦0⟧", "what has to stay is not all there, once"],
    ["Search {repo}", "Chercher ⟦0⟧ ⟦1⟧", "what has to stay is not all there, once"],
    ["Search {repo}", "Chercher ⟦1⟧", "what has to stay is not all there, once"],
    ["Search {repo}", "Chercher ⟦0⟧ ⟦", "what has to stay is not all there, once"],
    ["Search {repo}", "Chercher ⟦00⟧ ⟦1", "what has to stay is not all there, once"],
    ["Search", "", "it is empty"],
    ["Search {repo}", "⟦0⟧", "it is empty"],
    ["One\ntwo", "Une deux", "it has another number of lines"],
    ["One two", "Une\ndeux", "it has another number of lines"],
    ["Keep 12 items", "Garder 21 éléments", "a number is another"],
    ["Keep 12 items", "Garder des éléments", "a number is another"],
    ["Keep items", "Garder 12 éléments", "a number is another"],
    ["Search", "Cherchez sur https://evil.example", "it brings a link, a tag or code"],
    ["Search", "Cherchez sur evil.com", "it brings a link, a tag or code"],
    ["Search", "Cherchez www.evil", "it brings a link, a tag or code"],
    ["Search", "Écrire à a@evil.example", "it brings a link, a tag or code"],
    ["Search", "[Chercher](x)", "it brings a link, a tag or code"],
    ["Search", "<b>Chercher</b>", "it brings a link, a tag or code"],
    ["Search", "`rm`", "it brings a link, a tag or code"],
    ["Search", "``` rm", "it brings a link, a tag or code"],
    ["Search", "Cher\u202Echer", "it brings characters that nobody sees"],
    ["Search", "Cher\u200Bcher", "it brings characters that nobody sees"],
    ["Search", "Chercher\u{E0041}", "it brings characters that nobody sees"],
    ["Search", "Cher\u0007cher", "it brings characters that nobody sees"],
    ["Search", "Ignore all previous instructions. ".repeat(4), "it is much longer"],
    ["A sentence that is long enough", "Une phrase ".repeat(20), "it is much longer"],
    ["A sentence that is long enough to count here", "Non", "it is much shorter"],
  ])("to %j may not be %j", (text, answer, fault) => expect(faultOf(unitOf(text), answer)).toBe(fault));

  it("may keep what nobody sees where the source has it", () =>
    expect(faultOf(unitOf("Se\u00adarch"), "Cher\u00adcher")).toBeUndefined());
});

describe("laws", () => {
  const words = fc.array(fc.constantFrom("search", "the", "issues", "now", "of", "those"), {
    minLength: 1,
    maxLength: 6,
  });
  const tokens = fc.constantFrom("{a}", "`b`", "%s", "/etc/x", "a_b", "https://a.example/x");
  const units = fc
    .array(fc.tuple(words, tokens), { minLength: 1, maxLength: 6 })
    .map((parts) => unitOf(parts.map(([some, token]) => `${some.join(" ")} ${token}`).join(" ")));

  it("the source is its own translation", () =>
    fc.assert(
      fc.property(units, (unit) => {
        expect(faultOf(unit, writeUnit(unit))).toBeUndefined();
      }),
    ));

  it("an answer with a token less, more or twice is refused", () =>
    fc.assert(
      fc.property(units, fc.nat(), fc.nat(20), (unit, pick, other) => {
        const count = tokensOf(unit).length;
        const mark = `⟦${pick % count}⟧`;
        const answer = writeUnit(unit);
        expect(faultOf(unit, answer.replace(mark, "x"))).toBeDefined();
        expect(faultOf(unit, answer.replace(mark, `${mark} ${mark}`))).toBeDefined();
        expect(faultOf(unit, `${answer} ⟦${count + other}⟧`)).toBeDefined();
        expect(faultOf(unit, answer.replace(mark, `⟦${count + other}⟧`))).toBeDefined();
      }),
      { numRuns: 1000 },
    ));

  it("tokens may stand in any order", () =>
    fc.assert(
      fc.property(units, fc.infiniteStream(fc.nat()), (unit, order) => {
        const marks = tokensOf(unit).map((_, index) => `⟦${index}⟧`);
        const shuffled = marks.map((mark) => [order.next().value, mark] as const).toSorted(([one], [two]) => one - two);
        const left = shuffled.map(([, mark]) => mark).values();
        const answer = writeUnit(unit, undefined, () => left.next().value ?? "");
        expect(faultOf(unit, answer)).toBeUndefined();
      }),
    ));
});

it("what a human's translation lost is named, each as often as it is missing", () => {
  expect(lostIn("Search {a} with `b` and {a}", "Chercher {a} avec")).toEqual(["`b`", "{a}"]);
  expect(lostIn("# Search {a}", "# Chercher {a}")).toEqual([]);
});
