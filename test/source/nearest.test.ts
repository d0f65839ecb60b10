// Did you mean: close enough is offered, anything else is not.
import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../src/source/nearest.ts";

test.each([
  ["blok", ["allow", "block"], "block"],
  ["wehn", ["when", "with"], "when"],
  ["tools/cal", ["tools/list", "tools/call"], "tools/call"],
  ["Block", ["block"], "block"],
  ["xy", ["when", "with"], undefined],
  ["a", ["b"], "b"],
  ["block", ["block"], undefined],
  ["x".repeat(100), ["x".repeat(99)], undefined],
])("%j among %j is %j", (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test("it is asked as a question", () => {
  expect(didYouMean("blok", ["block"])).toBe("did you mean `block`?");
  expect(didYouMean("zzz", ["block"])).toBeUndefined();
});
