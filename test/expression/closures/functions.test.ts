// Each built-in function, on arguments of the kinds it takes, says what package jsonata's says.
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { EvaluationAnswer } from "../../../src/expression/jsonata/evaluation.ts";
import { compileExpression } from "../../../src/expression/jsonata/expression.ts";
import { createRunner, type Runner } from "../../../src/io/evaluation/run-expression.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "B", " ", "\n", "1", "é", "😀", "$", "%", "."), maxLength: 8 }),
  fc.constantFrom("12", "-1.5", "0x1F", "1e3", "abc abc", "%41", "a,b,c", "undefined"),
);
const number = fc.oneof(
  fc.integer({ min: -6, max: 6 }),
  fc.constantFrom(0.5, 1.5, 2.5, -0.5, -2.5, 2.675, 1.005, 123.456, 1e21, 1e-7, 0.1, 1 / 3, 65),
);
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const numbers = fc.array(number, { maxLength: 5 });
const texts = fc.array(text, { maxLength: 4 });
const object: fc.Arbitrary<JsonValue> = fc.dictionary(
  fc.constantFrom("a", "b", "c", "1", "10"),
  fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.record({ a: scalar })),
  { maxKeys: 4, noNullPrototype: true },
);
const objects = fc.array(object, { maxLength: 4 });
const any: fc.Arbitrary<JsonValue> = fc.oneof(
  scalar,
  numbers,
  texts,
  object,
  objects,
  fc.array(fc.oneof(scalar, object), { maxLength: 4 }),
);

/** The call, and what its `$p`, `$q`, `$r` are. */
const CALLS: readonly (readonly [string, ...fc.Arbitrary<JsonValue>[]])[] = [
  ["$string($p)", any],
  ["$string($p, true)", any],
  ["$substring($p, $q)", text, number],
  ["$substring($p, $q, $r)", text, number, number],
  ["$substringBefore($p, $q)", text, text],
  ["$substringAfter($p, $q)", text, text],
  ["$lowercase($p) & $uppercase($p) & $length($p) & $trim($p)", text],
  ["$pad($p, $q)", text, number],
  ["$pad($p, $q, $r)", text, number, text],
  ["$contains($p, $q)", text, text],
  ["$contains($p, /b+/i)", text],
  ["$match($p, /(a)(b)?/)", text],
  ["$match($p, /[a-b]/, $q)", text, number],
  ["$replace($p, $q, $r)", text, text, text],
  ["$replace($p, $q, '<$1>', 2)", text, text],
  ["$replace($p, /(a)|(b)/, $q)", text, text],
  ["$replace($p, /[ab]/, '$0-', $q)", text, number],
  ["$split($p, $q)", text, text],
  ["$split($p, $q, $r)", text, text, number],
  ["$split($p, /[ ,]/)", text],
  ["$split($p, /[ab]/, $q)", text, number],
  ["$join($p)", texts],
  ["$join($p, $q)", texts, text],
  ["$base64encode($p)", text],
  ["$base64decode($p)", text],
  ["$encodeUrlComponent($p) & $encodeUrl($p)", text],
  ["$decodeUrlComponent($p)", text],
  ["$decodeUrl($p)", text],
  ["$tokens($p) & $truncate($p, $q)", text, number],
  ["$number($p)", scalar],
  ["[$abs($p), $floor($p), $ceil($p), $round($p)]", number],
  ["$round($p, $q)", number, number],
  ["$sqrt($p)", number],
  ["$power($p, $q)", number, number],
  ["[$sum($p), $count($p)]", numbers],
  ["{'max': $max($p), 'min': $min($p), 'average': $average($p)}", numbers],
  ["$sum($p)", any],
  ["[$boolean($p), $not($p), $exists($p), $type($p)]", any],
  ["$append($p, $q)", any, any],
  ["$reverse($p)", any],
  ["$sort($p)", numbers],
  ["$sort($p)", texts],
  ["$sort($p)", any],
  ["$sort($p, function($l, $r) { $l.a > $r.a })", objects],
  ["$distinct($p)", any],
  ["$zip($p, $q)", any, any],
  ["$keys($p)", any],
  ["$lookup($p, $q)", any, fc.constantFrom("a", "b")],
  ["$spread($p)", any],
  ["$merge($p)", objects],
  ["$merge($p)", any],
  ["$map($p, function($v, $i, $l) { [$v, $i, $count($l)] })", any],
  ["$filter($p, function($v, $i) { $i < 2 and $v })", any],
  ["$single($p, function($v) { $v = $q })", numbers, number],
  ["$reduce($p, function($l, $r) { $l & $r })", any],
  ["$reduce($p, function($l, $r, $i) { $l + $r * $i }, $q)", numbers, number],
  ["$each($p, function($v, $k) { $k & $string($v) })", object],
  ["$sift($p, function($v, $k) { $k = 'a' or $v = $q })", object, scalar],
  ["$map($p, $uppercase)", texts],
  ["$map($p, $substring)", texts],
  ["$p ~> $sum", numbers],
  ["$p.a", any],
  ["$p.*", any],
  ["$p.**", any],
  ["$p[$q]", any, number],
  ["$p[a = $q].b", objects, scalar],
  ["$p^(a, >b).(a)", objects],
  ["$p^(>$).$string()", numbers],
  ["$p.{'k': a, 'l': b}", objects],
  ["$p.[a, b]", objects],
  ["$p.a[]", objects],
  ["$p.(a & b)", objects],
  ["[$p, $q]", any, any],
  ["{'a': $p, 'b': $q.a}", any, object],
  ["$p = $q", any, any],
  ["$p != $q", any, any],
  ["$p < $q", scalar, scalar],
  ["$p >= $q", scalar, scalar],
  ["$p in $q", scalar, any],
  ["$p & $q", any, any],
  ["$p + $q", scalar, number],
  ["$p % $q", number, number],
  ["-$p", scalar],
  ["[$p..$q]", fc.integer({ min: -3, max: 5 }), fc.oneof(fc.integer({ min: -3, max: 5 }), fc.constantFrom(0.5, 1e9))],
  ["$p ~> |$|{'z': a, 'a': $q}|", object, any],
  ["$p ~> |$|{'z': a}, $q|", any, fc.constantFrom<JsonValue>("a", ["b", "c"], [], 1)],
  ["$p ~> |a|{'z': $string($)}|", objects],
  ["$p ~> |*|{'z': 1}|", object],
  ["$parse($string($p))", any],
];

let run: Runner;

beforeAll(async () => {
  run = await createRunner();
});

function outcome(answer: EvaluationAnswer): string {
  if (answer.kind === "value") return `value ${JSON.stringify(answer.value)}`;
  return `failed ${/\b[A-Z]\d{4}\b/.exec(answer.reason)?.[0] ?? ""}`;
}

test.each(CALLS.map((call) => [call[0], call] as const))("%s", async (_, [written, ...kinds]) => {
  const { expression, problems } = compileExpression(`(${written})`, new Set(["p", "q", "r"]));
  expect(problems).toEqual([]);
  const compiled = expression?.compiled;
  expect(compiled).toBeDefined();
  await fc.assert(
    fc.asyncProperty(fc.tuple(...kinds.slice(0, 3)), async (values) => {
      const bindings = Object.fromEntries(values.map((value, index) => ["pqr".charAt(index), value]));
      const packaged = await run({ source: `(${written})`, input: null, bindings: structuredClone(bindings), now: 0 });
      const own = compiled?.(null, bindings, 0);
      expect(own && outcome(own)).toBe(outcome(packaged));
    }),
    { numRuns: 200 },
  );
});
