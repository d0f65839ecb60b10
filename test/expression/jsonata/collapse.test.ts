// Where the value of an expression is a list of what was found, and so no list where that is one thing.
import { describe, expect, test } from "vitest";
import { compileExpression } from "../../../src/expression/jsonata/expression.ts";

function collapsesOf(source: string) {
  const { expression, problems } = compileExpression(source, new Set());
  expect(problems).toEqual([]);
  return (expression?.collapses ?? []).map(({ offset, length, at }) => [source.slice(offset, offset + length), at]);
}

describe("a list may be lost", () => {
  test.each<readonly [string, readonly (readonly [string, readonly string[] | undefined])[]]>([
    ["(items[price < 5])", [["items", []]]],
    ["(items[price < 5].name)", [["items", []]]],
    ['($[type = "text"])', [["$", []]]],
    ["(items^(price))", [["items", []]]],
    ["(*)", [["*", []]]],
    ["($filter(items, function($i) { $i > 5 }))", [["$filter", []]]],
    ["(items ~> $map(function($i) { $i }))", [["items", []]]],
    ["(items ~> $keys)", [["items", []]]],
    [
      "(a ? items[x = 1] : other[x = 1])",
      [
        ["items", []],
        ["other", []],
      ],
    ],
    ["($x := items[a = 1])", [["items", []]]],
    [
      '({"a": items[x = 1], "b": {"c": items[x = 2]}})',
      [
        ["items", ["a"]],
        ["items", ["b", "c"]],
      ],
    ],
    ["({name: items[x = 1]})", [["items", undefined]]],
    ['([{"a": items[x = 1]}])', [["items", undefined]]],
    ['($ ~> |items|{"tags": tags[x = 1]}|)', [["tags", undefined]]],
  ])("%s", (source, collapses) => {
    expect(collapsesOf(source)).toEqual(collapses);
  });
});

describe("a list stays one, or there was none", () => {
  test.each([
    "(items)",
    "(items.name)",
    "(items[0])",
    "(items[-1])",
    "(items[price < 5][0])",
    "(items[price < 5][])",
    "([items[price < 5]])",
    "($filter(items, function($i) { true })[0])",
    "($count(items[price < 5]))",
    "(items[price < 5] = 5)",
    '($join(items[price < 5].name, ", "))',
    "($sum(items[a = 1].price) + 1)",
    '({"a": [items[x = 1]], "n": $count(items[x = 1])})',
  ])("%s", (source) => {
    expect(collapsesOf(source)).toEqual([]);
  });
});
