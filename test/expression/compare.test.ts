// Comparisons with three answers.
import { describe, expect, test } from "vitest";
import { compareValues, type Comparison } from "../../src/expression/compare.ts";
import type { JsonValue } from "../../src/mcp/json.ts";

const BIG = 2 ** 53;

describe("two values are compared", () => {
  test.each<[JsonValue | undefined, Comparison, JsonValue | undefined, string]>([
    [1, "=", 1, "yes"],
    [1, "=", 2, "no"],
    [1, "!=", 2, "yes"],
    [1, "<", 2, "yes"],
    [2, "<", 2, "no"],
    [2, "<=", 2, "yes"],
    [3, ">", 2, "yes"],
    [2, ">", 2, "no"],
    [2, ">=", 2, "yes"],
    [1, ">=", 2, "no"],
    [-0, "=", 0, "yes"],
    ["a", "=", "a", "yes"],
    ["a", "=", "A", "no"],
    ["a", "=", "a*", "no"],
    ["a", "<", "b", "yes"],
    ["b", "<=", "a", "no"],
    [true, "=", true, "yes"],
    [true, "!=", false, "yes"],
    [null, "=", null, "yes"],
    [{ a: 1, b: 2 }, "=", { b: 2, a: 1 }, "yes"],
    [{ a: 1 }, "=", { a: 1, b: 2 }, "no"],
    [{ a: 1 }, "=", { b: 1 }, "no"],
    [[1, 2], "=", [1, 2], "yes"],
    [[1, 2], "=", [2, 1], "no"],
    [[1, 2], "!=", [1], "yes"],
    // unlike types
    ["5000", ">", 100, "doubt"],
    ["1", "=", 1, "doubt"],
    ["1", "!=", 1, "doubt"],
    [true, "=", 1, "doubt"],
    [null, "=", "x", "doubt"],
    [null, "<", 1, "doubt"],
    [{ a: 1 }, "=", "x", "doubt"],
    [{ a: "1" }, "=", { a: 1 }, "doubt"],
    [{ a: "1", b: 1 }, "=", { a: 1, b: 2 }, "no"],
    [true, "<", false, "doubt"],
    [{}, "<", {}, "doubt"],
    [[1], "<", [2], "doubt"],
    // numbers that are not what was written
    [BIG, "=", BIG, "doubt"],
    [BIG, ">", 1, "doubt"],
    [1, "<", BIG, "doubt"],
    [Infinity, ">", 1, "doubt"],
    [BIG - 1, "=", BIG - 1, "yes"],
    // absent
    [undefined, "=", 1, "no"],
    [undefined, "!=", 1, "yes"],
    [undefined, "<", 1, "no"],
    [[], "=", 1, "no"],
    [[], "!=", 1, "yes"],
    [[], "=", [], "yes"],
    [1, "=", undefined, "doubt"],
    [undefined, "!=", undefined, "doubt"],
    // every element
    [[1, 1], "=", 1, "yes"],
    [[2, 3], "=", 1, "no"],
    [[1, 2], "=", 1, "doubt"],
    [[1, 2], "!=", 1, "doubt"],
    [[2, [3]], "!=", 1, "yes"],
    [[1, "1"], "=", 1, "doubt"],
    [[5, 6], ">", 4, "yes"],
  ])("%j %s %j: %s", (value, comparison, other, truth) => {
    expect(compareValues(value, comparison, other)).toBe(truth);
  });
});
