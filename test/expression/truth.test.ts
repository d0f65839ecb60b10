// Yes, no and doubt, and how they combine.
import { describe, expect, test } from "vitest";
import { agreed, every, not, some, type Truth } from "../../src/expression/truth.ts";
import { truthOf } from "../../src/expression/where.ts";
import type { JsonValue } from "../../src/mcp/json.ts";

test.each<[Truth, Truth]>([
  ["yes", "no"],
  ["no", "yes"],
  ["doubt", "doubt"],
])("not %s is %s", (truth, negated) => {
  expect(not(truth)).toBe(negated);
});

describe("of several answers", () => {
  test.each<[readonly Truth[], Truth, Truth, Truth]>([
    [[], "yes", "no", "no"],
    [["yes"], "yes", "yes", "yes"],
    [["no"], "no", "no", "no"],
    [["doubt"], "doubt", "doubt", "doubt"],
    [["yes", "no"], "no", "yes", "doubt"],
    [["yes", "doubt"], "doubt", "yes", "doubt"],
    [["no", "doubt"], "no", "doubt", "doubt"],
    [["doubt", "no", "yes"], "no", "yes", "doubt"],
    [["yes", "yes"], "yes", "yes", "yes"],
  ])("%j: every %s, some %s, agreed %s", (truths, all, any, agreement) => {
    expect([every(truths), some(truths), agreed(truths)]).toEqual([all, any, agreement]);
  });
});

describe("the answer of a where", () => {
  test.each<[JsonValue | undefined, Truth]>([
    [true, "yes"],
    [false, "no"],
    [undefined, "doubt"],
    [null, "no"],
    [0, "no"],
    [1, "yes"],
    ["", "no"],
    ["x", "yes"],
    [[], "no"],
    [[0, false, ""], "no"],
    [[0, 1], "yes"],
    [{}, "no"],
    [{ a: 0 }, "yes"],
  ])("%j: %s", (value, truth) => {
    expect(truthOf({ kind: "value", value })).toBe(truth);
  });

  test("that failed: doubt", () => {
    expect(truthOf({ kind: "failed", reason: "over its budget" })).toBe("doubt");
  });
});
