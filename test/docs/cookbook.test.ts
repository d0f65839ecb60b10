// Every recipe of the cookbook has tests, and they bring each of its rules to match.
import { expect, test } from "vitest";
import { blocksOf } from "./page.ts";
import { soundnessOf } from "./soundness.ts";

const RECIPES = blocksOf("docs/cookbook.md");

/** In shadow it changes nothing, so there is nothing for a short test to show. */
const ON_TRIAL = new Set(["no-large-files"]);

test("there are at least twenty-five", () => {
  expect(RECIPES.length).toBeGreaterThanOrEqual(25);
  expect(RECIPES.every(({ language }) => language === "mcprules")).toBe(true);
});

test.each(RECIPES.map((block) => [block.line, block] as const))(
  "the recipe at line %i is tried",
  async (line, { text }) => {
    const { tests, untested } = await soundnessOf([{ path: `cookbook.md:${line}`, text }]);
    expect(tests).toBeGreaterThan(0);
    expect(untested.filter((rule) => !ON_TRIAL.has(rule))).toStrictEqual([]);
  },
);
