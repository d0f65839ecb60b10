// What holds of every text: it is read, whatever it is; and every sentence of the grammar is understood.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import { parseFile } from "../../src/language/parse-file.ts";
import type { Diagnostic } from "../../src/source/diagnostic.ts";
import { renderDiagnostics } from "../../src/source/render.ts";
import { fixturesIn } from "./fixture.ts";
import { sentences } from "./sentences.ts";

const PATH = "x.mcprules";

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const source = { path: PATH, text };
  const { diagnostics } = compilePolicy([source], { now: 0 });
  expect(renderDiagnostics(diagnostics, [source])).toBeTypeOf("string");
  return diagnostics;
}

function expectPlacesIn(text: string): void {
  for (const { span, related = [] } of diagnosticsOf(text)) {
    for (const { file, start, end } of [span, ...related.map((place) => place.span)]) {
      expect(file).toBe(PATH);
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  }
}

const texts = [...fixturesIn("ok"), ...fixturesIn("error")].flatMap(({ files }) => files.map((file) => file.text));
const pieces = [...new Set(texts.join("\n").match(/[A-Za-z_]+|\s+|./g))];

/** A policy of the fixtures with something taken out, put in, or doubled. */
const damaged = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(), fc.nat(20), fc.constantFrom(...pieces)), { minLength: 1, maxLength: 4 }),
  )
  .map(([text, cuts]) =>
    cuts.reduce((left, [at, length, piece]) => {
      const start = at % (left.length + 1);
      return left.slice(0, start) + piece + left.slice(start + length);
    }, text),
  );

/** A thousand policies are compiled for each, on whatever else is running. */
describe("any text", { timeout: 120_000 }, () => {
  test("of any characters is read, and every diagnostic stands inside it", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), expectPlacesIn), { numRuns: 1000 });
  });

  test("of pieces of policies is read, and every diagnostic stands inside it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((words) => words.join("")),
        expectPlacesIn,
      ),
      { numRuns: 1000 },
    );
  });

  test("that was a policy until it was damaged is read, and every diagnostic stands inside it", () => {
    fc.assert(fc.property(damaged, expectPlacesIn), { numRuns: 1000 });
  });

  test("that is no policy is told what is wrong with it", () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const { policy, diagnostics } = compilePolicy([{ path: PATH, text }], { now: 0 });
        expect(policy === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
      }),
      { numRuns: 1000 },
    );
  });
});

test("annotations are inert", () => {
  const policyOf = (annotation: string) =>
    compilePolicy([{ path: PATH, text: `mcprules 1 default allow ${annotation} rule r when tool x on s block` }], {
      now: 0,
    });
  const [plain, annotated] = ["", '@owner "a" @ticket 5 @x'].map(policyOf);
  expect(annotated?.diagnostics).toEqual([]);
  const placeless = (outcome: typeof plain) =>
    outcome?.policy?.rules.map(({ head, verdicts, transforms, observations }) => [
      head,
      verdicts,
      transforms,
      observations,
    ]);
  expect(JSON.stringify(placeless(annotated))).toBe(JSON.stringify(placeless(plain)));
});

describe("a sentence of the grammar", () => {
  test("is read without a word against its grammar", () => {
    fc.assert(
      fc.property(sentences, (words) => {
        const { diagnostics, broken } = parseFile({ path: PATH, text: words.join(" ") });
        expect(diagnostics).toEqual([]);
        expect(broken).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a large text", () => {
  const junk = [
    "(",
    "[",
    '"\n',
    "rule\n",
    "rule a when tool * blok\n",
    "a ",
    "/a ",
    '"""\nrule a\n',
    "('\nrule a\n",
    "with a and b or c\n",
    "\r",
  ];

  test.each(junk)("of %j takes time in proportion to its length", (unit) => {
    const short = Math.max(200, cpuMilliseconds(unit, 200_000));
    expect(cpuMilliseconds(unit, 1_000_000)).toBeLessThan(15 * short);
  });
});

function cpuMilliseconds(unit: string, length: number): number {
  const text = `mcprules 1\n${unit.repeat(Math.ceil(length / unit.length))}`;
  const start = process.cpuUsage();
  compilePolicy([{ path: PATH, text }], { now: 0 });
  return process.cpuUsage(start).user / 1000;
}
