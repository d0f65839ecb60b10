// Every fixture is told what stands beside it: read these files as their authors would.
import { describe, expect, test } from "vitest";
import { hasErrors } from "../../src/source/diagnostic.ts";
import { fixturesIn, outcomeOf } from "./fixture.ts";

describe("a policy with mistakes", () => {
  test.each(fixturesIn("error"))("$name", async (fixture) => {
    const { policy, diagnostics, rendered } = outcomeOf(fixture);
    expect(hasErrors(diagnostics)).toBe(true);
    expect(policy).toBeUndefined();
    await expect(rendered).toMatchFileSnapshot(fixture.outcome);
  });

  test("is there at least sixty times", () => {
    expect(fixturesIn("error").length).toBeGreaterThanOrEqual(60);
  });
});

describe("a policy without mistakes", () => {
  test.each(fixturesIn("ok"))("$name", async (fixture) => {
    const { policy, diagnostics, rendered } = outcomeOf(fixture);
    expect(hasErrors(diagnostics)).toBe(false);
    expect(policy).toBeDefined();
    await expect(rendered).toMatchFileSnapshot(fixture.outcome);
  });

  test("is there at all", () => {
    expect(fixturesIn("ok").length).toBeGreaterThanOrEqual(5);
  });
});

test("a file with ten mistakes and one more in the same rule is told of them all", () => {
  const fixture = fixturesIn("error").find(({ name }) => name === "ten-mistakes");
  const codes = (fixture === undefined ? [] : outcomeOf(fixture).diagnostics).map(({ code }) => code);
  expect(codes).toEqual([
    "MR305",
    "MR101",
    "MR201",
    "MR102",
    "MR201",
    "MR501",
    "MR201",
    "MR302",
    "MR307",
    "MR301",
    "MR503",
  ]);
});
