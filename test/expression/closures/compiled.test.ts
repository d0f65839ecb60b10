// What policies write is compiled, keeps within bounds, shares what it does not change, and leaves the rest to the package.
import { beforeAll, describe, expect, test } from "vitest";
import { compileExpression, type Expression } from "../../../src/expression/jsonata/expression.ts";
import { createRunner, type Runner } from "../../../src/io/evaluation/run-expression.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";

const KNOWN = new Set(["limit", "secrets", "request", "user", "tags", "server"]);
const NOW = Date.UTC(2026, 1, 3, 4, 5, 6, 7);

const MESSAGE: JsonValue = {
  name: "search_issues",
  arguments: { q: "bug", limit: 500, path: "/projects/a/b.txt", amount: 12.5, to: ["a@x.org", "b@y.org"], flags: [] },
  content: [
    { type: "text", text: "Hello. World. key=abc123" },
    { type: "image", data: "AAAA", mimeType: "image/png" },
    { type: "text", text: "Second text 42" },
  ],
  tools: [
    { name: "a", description: "First tool. More.", annotations: { readOnlyHint: true } },
    { name: "b", description: "Second tool. More.", inputSchema: { properties: { x: { type: "string" } } } },
    { name: "c" },
  ],
  n: [3, 1, 2],
};

const BINDINGS = {
  limit: 50,
  secrets: ["abc", "def"],
  request: { method: "tools/call", params: { name: "x" } },
  user: { id: "ann@x.org", groups: ["dev", "ops"], claims: { tenant: "t1" } },
  tags: ["seen"],
  server: "github",
};

function expression(source: string): Expression {
  const compiled = compileExpression(source, KNOWN);
  if (!compiled.expression) throw new Error(`${source}: ${JSON.stringify(compiled.problems)}`);
  return compiled.expression;
}

let run: Runner;

beforeAll(async () => {
  run = await createRunner();
});

describe("what policies write is compiled, and says what the package says", () => {
  test.each([
    '(name = "search_issues" and arguments.limit > 100)',
    "($not($exists(arguments.limit)) or arguments.limit > $limit)",
    '($substringBefore(tools[0].description, ". "))',
    "($min([arguments.limit, $limit]))",
    '($contains(arguments.path, "/projects/"))',
    "($contains(arguments.path, /^\\/projects\\//))",
    '($replace(content[0].text, /key=[a-z0-9]+/, "key=***"))',
    '($replace(content[0].text, /(key)=([a-z0-9]+)/, "$1=$2$2"))',
    "(arguments.to[$contains($, '@x.org')])",
    "($count(arguments.to) > 1)",
    '(arguments.to ~> $join(", "))',
    '(content[type = "text"].text)',
    '(content[type = "text"].{"type": type, "text": $uppercase(text)})',
    '($ ~> |content[type = "text"]|{"text": $substring(text, 0, 5) & "…"}|)',
    '($ ~> |arguments|{"limit": $limit}, "q"|)',
    '($ ~> |tools|{"description": "[" & $server & "] " & description}|)',
    '(tools.{"name": name, "description": $exists(description) ? description : ""})',
    "(tools^(>name).name)",
    "(tools[annotations.readOnlyHint].name)",
    "($map(tools, function($t) { $t.name & '!' }))",
    "($filter(n, function($x) { $x > 1 }))",
    "($reduce(n, function($a, $b) { $a + $b }, 10))",
    "($sum(n) / $count(n))",
    "($sort(n)[0])",
    "($merge([arguments, {'limit': 1}]))",
    "($sift(arguments, function($v, $k) { $k != 'q' }))",
    "($each(arguments, function($v, $k) { $k }))",
    "($keys(arguments))",
    "($lookup(arguments, 'q'))",
    "($spread(arguments)[0])",
    "('ops' in $user.groups)",
    "($user.claims.tenant = 't1' ? 'yes' : 'no')",
    "(arguments.missing ?? 'none')",
    "(arguments.flags[] ?: 'none')",
    "($user.id & ' called ' & name & ' at ' & $now())",
    "($millis() % 1000)",
    "($local('Europe/Berlin').hour < 6)",
    "($parse('{\"a\": [1, 2]}').a[1])",
    "($tokens(content[0].text) > 3 ? $truncate(content[0].text, 3) : content[0].text)",
    "($x := arguments; $y := $x.limit * 2; {'y': $y, 'x': $x.q})",
    "($low := function($t) { $lowercase($t) }; $low(content[0].text))",
    "($round(arguments.amount) & '/' & $string(arguments.amount))",
    "($string(arguments))",
    "($split(arguments.path, '/')[-1])",
    "($trim('  a   b ') & $pad('x', -5, '0'))",
    "($distinct([1, 2, 1, 'a', 'a']))",
    "($append(n, [4])[[0..1]])",
    "($reverse(n))",
    "($zip(n, arguments.to))",
    "(**.description)",
    "(arguments.*)",
    "($base64decode($base64encode(name)))",
    "($encodeUrlComponent('a b&c'))",
    "($type(arguments) = 'object' and $boolean(n))",
    "($assert($limit > 1, 'no'))",
    "($match(content[0].text, /[A-Z]\\w+/).match)",
    "($single(tools, function($t) { $t.name = 'b' }).description)",
    "(-arguments.limit)",
    "($number('12') + 1)",
    "($tags[0] = 'seen')",
    "($request.params.name in ['x', 'y'])",
  ])("%s", async (source) => {
    const { compiled } = expression(source);
    expect(compiled).toBeDefined();
    const packaged = await run({
      source,
      input: structuredClone(MESSAGE),
      bindings: structuredClone(BINDINGS),
      now: NOW,
    });
    expect(packaged.kind).toBe("value");
    expect(JSON.stringify(compiled?.(MESSAGE, BINDINGS, NOW))).toBe(JSON.stringify(packaged));
  });
});

describe("the rest is left to the package", () => {
  test.each([
    "(tools@$t.name)",
    "(tools#$i.name)",
    "(tools.name.%.description)",
    "(tools{name: description})",
    "($formatNumber(1, '0.0'))",
    "($fromMillis(0))",
    "($now('[Y]'))",
    "($f := function($n) { $n = 0 ? 1 : $f($n - 1) }; $f(3))",
    "(function($x) { $x }(1))",
    "($f := $substring(?, 0, 3); $f('abcdef'))",
    "($contains(name, /(a+)+$/))",
    "($ ~> |$$|{'a': 1}|)",
    "([$x := 1, $x])",
    "($r := /a/; $contains(name, $r))",
    "($f := function($x)<n:n> { $x }; $f(1))",
  ])("%s", (source) => {
    expect(expression(source).compiled).toBeUndefined();
  });
});

describe("what runs away fails", () => {
  test.each([
    ["($sum([1..9999].($ * 2)))", "20000 steps"],
    ["([1..20000])", "D2015"],
    ["([1..1e7])", "D2015"],
    ["($pad('', 1e9))", "1 MiB"],
    ["($x := $pad('', 1000000); $x & $x)", "1 MiB"],
    ["($join($map([1..3000], function($i) { $pad('', 1000, ' ') })))", "1 MiB"],
    ["($split($pad('', 20000), ''))", "10000 items"],
    ["($f := function($x) { $map($x, $f) }; $f($$))", "nested too deeply"],
    ["($a := [1..9000]; $append($a, $a))", "D2015"],
    ["($distinct($map([1..5000], function($i) { {'a': $i} })))", "20000 steps"],
    ["($replace($pad('', 1000000, 'ab'), /a/, 'b'))", "20000 steps"],
    ["($map([1..5000], function($i) { $pad('', 1000000, 'x') }))", "too much in all"],
    ["($x := $pad('', 1000000, 'x'); $map([1..5000], function($i) { $x & '' }))", "too much in all"],
    ["($a := [1..9999]; $map([1..4000], function($i) { $reverse($a) }))", "it "],
    ["($map([1..4000], function($i) { [1..9999] }))", "too much in all"],
    ["($a := [1..9999]; $map([1..4000], function($i) { $a = $a }))", "20000 steps"],
    ["($a := [1..9999]; $map([1..4000], function($i) { $sum($a) }))", "20000 steps"],
    ["($a := [1..9999].{'a': $}; $map([1..4000], function($i) { $a.** }))", "it "],
    ["($a := {'x': 1}; $b := {'a': $a, 'b': $a}; $c := {'a': $b, 'b': $b}; $c)", ""],
  ])("%s", (source, reason) => {
    const started = performance.now();
    const answer = expression(source).compiled?.([[1]], {}, 0);
    expect(answer?.kind === "failed" ? answer.reason : "").toContain(reason);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe("what is not changed is shared", () => {
  function valueOf(source: string, input: JsonValue): JsonValue | undefined {
    const answer = expression(source).compiled?.(input, BINDINGS, NOW);
    return answer?.kind === "value" ? answer.value : undefined;
  }

  test("an input that comes out as it went in is the same value", () => {
    expect(valueOf("($)", MESSAGE)).toBe(MESSAGE);
    expect(valueOf("($ ~> |nothing|{'a': 1}|)", MESSAGE)).toBe(MESSAGE);
  });

  test("a transform copies the way to what it changes", () => {
    const input = { a: { b: 1 }, c: { d: [1, 2] }, e: [{ f: 1 }, { g: 2 }] };
    const changed = valueOf("($ ~> |a|{'b': 2}|)", input) as typeof input;
    expect(changed).toEqual({ ...input, a: { b: 2 } });
    expect(changed.c).toBe(input.c);
    const inList = valueOf("($ ~> |e[f = 1]|{'f': 2}|)", input) as typeof input;
    expect(inList.e[0]).toEqual({ f: 2 });
    expect(inList.e[1]).toBe(input.e[1]);
    expect(input).toEqual({ a: { b: 1 }, c: { d: [1, 2] }, e: [{ f: 1 }, { g: 2 }] });
  });

  test("one object at two places is changed at the one that is meant", () => {
    const shared = { n: 1 };
    expect(valueOf("($ ~> |l[0]|{'n': 2}|)", { l: [shared, shared] })).toEqual({ l: [{ n: 2 }, { n: 1 }] });
  });

  test("numbers that the package rounds are rounded", () => {
    expect(valueOf("($ ~> |a|{'b': 1}|)", { a: {}, x: 0.1 + 0.2 })).toEqual({ a: { b: 1 }, x: 0.3 });
  });

  test("`__proto__` is a key like any other and never a prototype", () => {
    const input = JSON.parse('{"a":{"__proto__":{"x":1}}}') as JsonValue;
    expect(JSON.stringify(valueOf("($ ~> |a|{'b': 1}|)", input))).toBe('{"a":{"__proto__":{"x":1},"b":1}}');
    expect(JSON.stringify(valueOf("({'__proto__': {'x': 1}})", null))).toBe('{"__proto__":{"x":1}}');
    expect(valueOf("($exists(a.constructor) or $exists(a.x))", { a: {} })).toBe(false);
  });

  test("a message that names JSONata's own marks is data here", () => {
    expect(valueOf("(a._jsonata_lambda)", { a: { _jsonata_lambda: true } })).toBe(true);
  });
});
