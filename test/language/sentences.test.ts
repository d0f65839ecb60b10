// sentences.md at its word: every test, row and fixture that it names is there.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FIXTURES } from "./fixture.ts";

const page = readFileSync(new URL("sentences.md", import.meta.url), "utf8");
const rows = page.split("\n").flatMap((line) => {
  const [, sentence, proof] = /^\| (.*) \| (.*) \|$/.exec(line) ?? [];
  return sentence === undefined || proof === undefined || sentence === "sentence" ? [] : [{ sentence, proof }];
});
const proofs = rows.flatMap(({ sentence, proof }) =>
  proof.split(/; (?=said\/|fixture |[a-z0-9/-]+ › )/).map((one) => [one, sentence] as const),
);

describe("sentences.md", () => {
  test("has a row for every sentence", () => {
    expect(rows.length).toBeGreaterThan(150);
    expect(new Set(rows.map(({ sentence }) => sentence)).size).toBe(rows.length);
  });

  test.each(proofs)("%s", (proof) => {
    expect(isThere(proof)).toBe(true);
  });
});

test("a proof that is not there is seen", () => {
  expect(isThere("said/things › no such test")).toBe(false);
  expect(isThere("fixture error/no-such-fixture")).toBe(false);
  expect(isThere("engine/no-such-file › x")).toBe(false);
  expect(isThere("engine/laws › no such law")).toBe(false);
});

function isThere(proof: string): boolean {
  const [, fixture] = /^fixture (\S+)$/.exec(proof) ?? [];
  if (fixture !== undefined) return [fixture, `${fixture}.mcprules`].some((name) => existsSync(`${FIXTURES}${name}`));
  const [path = "", name = ""] = proof.split(" › ");
  const file = path.startsWith("said/")
    ? new URL(`${path}.mcprules`, import.meta.url)
    : new URL(`../${path}.test.ts`, import.meta.url);
  return existsSync(file) && plain(readFileSync(file, "utf8")).includes(plain(name));
}

/** A name as it stands in the source of a test, whatever quotes are around it. */
function plain(text: string): string {
  return text.replaceAll("\\", "");
}
