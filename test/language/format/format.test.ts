// The one layout: it changes nothing but blanks and line ends, and formatting twice is formatting once.
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatPolicy } from "../../../src/language/format/format.ts";
import { parseFile } from "../../../src/language/parse-file.ts";
import { isKeyword } from "../../../src/language/words.ts";
import { fixturesIn, FIXTURES } from "../fixture.ts";
import { sentences } from "../sentences.ts";

const PATH = "x.mcprules";

function formatted(text: string): string {
  const outcome = formatPolicy({ path: PATH, text });
  if (outcome.kind === "mistakes") throw new Error(`${JSON.stringify(outcome.diagnostics)} in ${text}`);
  return outcome.text;
}

/** The tree without its places. */
function meaningOf(text: string): string {
  return JSON.stringify(parseFile({ path: PATH, text }).items, (key, value: unknown) =>
    key === "span" || key.endsWith("Span") ? undefined : value,
  );
}

const glue = fc.oneof(
  { arbitrary: fc.constantFrom(" ", "  ", "\t", "\n", "\r\n", "\n\n\n  "), weight: 12 },
  { arbitrary: fc.constantFrom(" # a comment \n", "\n# one\n", "\n\n  # two\n  # three\n\n", "#!\r\n"), weight: 1 },
);

/** A keyword that is first on its line is nothing else, so only words that are no keywords may be moved there. */
const texts = fc
  .tuple(sentences, fc.infiniteStream(glue))
  .map(([words, stream]) => words.map((word) => (isKeyword(word) ? " " : String(stream.next().value)) + word).join(""));

function commentsOf(text: string): readonly string[] {
  return [...text.matchAll(/#(?: a comment| one| two| three|!)/g)].map(([comment]) => comment);
}

describe("a generated policy", () => {
  test("means the same after formatting", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(meaningOf(formatted(text))).toBe(meaningOf(text));
      }),
      { numRuns: 1000 },
    );
  });

  test("is not changed by formatting twice", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = formatted(text);
        expect(formatted(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  test("keeps its comments, in their order", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(commentsOf(formatted(text))).toEqual(commentsOf(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a fixture", () => {
  const sources = fixturesIn("ok").flatMap(({ name, files }) =>
    files.map((file) => [name, file.path, file.text] as const),
  );

  test.each(sources)(
    "%s: %s means the same after formatting, and formatting it twice changes nothing",
    (_name, _path, text) => {
      const once = formatted(text);
      expect(meaningOf(once)).toBe(meaningOf(text));
      expect(formatted(once)).toBe(once);
    },
  );

  test("that is written anyhow comes out in the one layout", async () => {
    const text = readFileSync(`${FIXTURES}format/anyhow.mcprules`, "utf8");
    await expect(formatted(text)).toMatchFileSnapshot(`${FIXTURES}format/anyhow.formatted.mcprules`);
  });

  test("with mistakes is left alone", () => {
    expect(formatPolicy({ path: PATH, text: "mcprules 1\nrule a\n" }).kind).toBe("mistakes");
  });
});
