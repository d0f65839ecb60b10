// Expressions in package jsonata without the thread and its clock: what bounds them is the same on every machine.
import { beforeAll, describe, expect, test } from "vitest";
import { createRunner, type Runner } from "../../../src/io/evaluation/run-expression.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";

let run: Runner;
beforeAll(async () => {
  run = await createRunner();
});

function ask(source: string, input: JsonValue = {}) {
  return run({ source, input, bindings: {}, now: 0 });
}

describe("what one evaluation builds in all is bounded", () => {
  test.each([
    ["where a function ends with a call", "($a := [1..9999]; $map([1..4000], function($i){ $reverse($a) }))"],
    ["where that depends", "($a := [1..9999]; $map([1..4000], function($i){ $i > 0 ? $reverse($a) : 1 }))"],
    ["where it is the last of several", "($a := [1..9999]; $map([1..4000], function($i){ ($b := 1; $reverse($a)) }))"],
    [
      "where it goes through a function in between",
      "($a := [1..9999]; $r := function($l){ $reverse($l) }; $map([1..4000], function($i){ $r($a) }))",
    ],
    [
      "where a function goes on with what comes of it",
      "($a := [1..9999]; $map([1..4000], function($i){ $count($reverse($a)) }))",
    ],
  ])("%s", async (_where, source) => {
    expect(await ask(source)).toEqual({
      kind: "failed",
      reason: "the expression was stopped: it builds too much in all",
      isOverrun: true,
    });
  });
});

test("functions that call themselves have a value", async () => {
  const source = "($f := function($n, $sum){ $n = 0 ? $sum : $f($n - 1, $sum + $n) }; $f(1000, 0))";
  expect(await ask(source)).toEqual({ kind: "value", value: 500_500 });
  expect(
    await ask(
      "($even := function($n){ $n = 0 ? true : $odd($n - 1) }; $odd := function($n){ $n = 0 ? false : $even($n - 1) }; $even(7))",
    ),
  ).toEqual({ kind: "value", value: false });
  expect(await ask("(items.({'n': $uppercase(name)}))", { items: [{ name: "a" }, { name: "b" }] })).toEqual({
    kind: "value",
    value: [{ n: "A" }, { n: "B" }],
  });
});

test.each([
  ["for ever", "($f := function($n){ $f($n + 1) }; $f(0))"],
  ["ever deeper", "($f := function($n){ 1 + $f($n + 1) }; $f(0))"],
  ["over half a range", "($sum([1..9999].($ * 2)))"],
])("what goes on %s is stopped", async (_how, source) => {
  expect(await ask(source)).toEqual({
    kind: "failed",
    reason: "the expression was stopped: more than 20000 steps",
    isOverrun: true,
  });
});
