// Expressions in the worker thread: their values, their bounds, and that one that runs away takes no other with it.
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EvaluationAnswer } from "../../../src/expression/jsonata/evaluation.ts";
import { compileExpression, type Expression } from "../../../src/expression/jsonata/expression.ts";
import { createEvaluator, type Evaluator } from "../../../src/io/evaluation/evaluator.ts";
import type { FromWorker } from "../../../src/io/evaluation/messages.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";
import { bundleWorker, type WorkerBundle } from "./worker-bundle.ts";

let bundle: WorkerBundle;
let evaluator: Evaluator;

beforeAll(() => {
  bundle = bundleWorker();
  evaluator = createEvaluator({ worker: bundle.url });
});

afterAll(async () => {
  await evaluator.close();
  bundle.remove();
});

function expression(source: string): Expression {
  const compiled = compileExpression(source, new Set(["limit", "request", "tags"]));
  if (!compiled.expression) throw new Error(JSON.stringify(compiled.problems));
  return compiled.expression;
}

function ask(
  source: string,
  input?: JsonValue,
  bindings: Readonly<Record<string, JsonValue | undefined>> = {},
): Promise<EvaluationAnswer> {
  return evaluator.evaluate({ expression: expression(source), input, bindings, now: Date.UTC(2026, 1, 3, 4, 5, 6, 7) });
}

describe("an expression has a value", () => {
  test.each<[string, JsonValue | undefined, JsonValue | undefined]>([
    ["(a + 1)", { a: 2 }, 3],
    ["(a)", {}, undefined],
    ["(a)", undefined, undefined],
    ["($limit)", {}, 50],
    ["($request.method)", {}, "tools/call"],
    ["($exists($tags))", {}, false],
    ["(a.b)", { a: [{ b: 1 }, { b: 2 }] }, [1, 2]],
    ["(a.b)", { a: [{ b: 1 }] }, 1],
    ["(a.b[])", { a: [{ b: 1 }] }, [1]],
    ["(a{b: c})", { a: [{ b: "x", c: 1 }] }, { x: 1 }],
    ["($merge([{'a': 1}, {'b': 2}]))", {}, { a: 1, b: 2 }],
    ["($ ~> |a|{'b': 2}|)", { a: { b: 1 } }, { a: { b: 2 } }],
    ["($contains(a, /b+/))", { a: "abbc" }, true],
    ["($replace(a, /(b)(c)?/, '<$1$2>'))", { a: "bcb" }, "<bc><b>"],
    ["($match(a, /b(c)?/).index)", { a: "bcab" }, [0, 3]],
    ["($split(a, /, */))", { a: "x, y,z" }, ["x", "y", "z"]],
    ["($now())", {}, "2026-02-03T04:05:06.007Z"],
    ["($now('[Y]'))", {}, "2026"],
    ["($millis())", {}, Date.UTC(2026, 1, 3, 4, 5, 6, 7)],
    ["($local('Europe/Berlin'))", {}, { date: "2026-02-03", weekday: "tuesday", hour: 5, minute: 5 }],
    ["($parse(a).b)", { a: '{"b": [1]}' }, [1]],
    ["($tokens(a))", { a: "12345" }, 2],
    ["($tokens(a))", { a: "日本" }, 2],
    ["($truncate(a, 1))", { a: "12345" }, "1234"],
    ["($truncate(a, 9))", { a: "12345" }, "12345"],
    ["($pad(a, 5, '-'))", { a: "x" }, "x----"],
    ["($)", [1, 2], [1, 2]],
    ["($$.a)", { a: 1 }, 1],
    ["($sum(a))", { a: [1, 2] }, 3],
    ["($string(a))", { a: { b: 1 } }, '{"b":1}'],
    ["({'__proto__': 1})", {}, JSON.parse('{"__proto__":1}') as JsonValue],
  ])("%s of %j", async (source, input, value) => {
    const bindings = { limit: 50, request: { method: "tools/call" }, tags: undefined };
    expect(await ask(source, input, bindings)).toEqual({ kind: "value", value });
  });
});

test("what comes back is plain JSON: nothing shared, no prototypes of its own, no further properties", async () => {
  const answer = await ask("($x := {'a': b}; [$x, $x])", { b: [1] });
  expect(answer).toEqual({ kind: "value", value: [{ a: [1] }, { a: [1] }] });
  const value = answer.kind === "value" ? answer.value : undefined;
  expect(Object.keys(value ?? {})).toEqual(["0", "1"]);
  expect(Object.getPrototypeOf((value as JsonValue[])[0])).toBe(Object.prototype);
});

describe("an expression fails", () => {
  test.each<[string, JsonValue, string]>([
    [
      "(a + 1)",
      { a: "secret" },
      'the expression failed: T2001: The left side of the "+" operator must evaluate to a number',
    ],
    [
      "(a < 1)",
      { a: "secret" },
      'the expression failed: T2009: The values … and … either side of operator "<" must be',
    ],
    ["($number(a))", { a: "secret" }, "the expression failed: D3030: Unable to cast value to a number: …"],
    ["($error('no'))", {}, "the expression failed: D3137: no"],
    ["($sum)", {}, "the expression failed: its result holds a function"],
    ["(function(){1})", {}, "the expression failed: its result holds a function"],
    ["([1, $sum])", {}, "the expression failed: its result holds a function"],
    ["($parse(a))", { a: "{" }, "the expression failed: the text for $parse is no JSON"],
    [
      "($parse(a))",
      { a: "[".repeat(200) + "]".repeat(200) },
      "the expression was stopped: the JSON for $parse is nested",
    ],
    ["($local('Nowhere'))", {}, 'the expression failed: there is no time zone "Nowhere"'],
    ["($power(10, 308) * 10)", {}, "the expression failed: its result holds a number that JSON has none for"],
    ["($ ~> |a|{'b': $}|)", { a: {} }, "nested too deeply"],
    ["(a)", { a: { _jsonata_lambda: true } }, "the message holds a name that JSONata keeps for itself"],
    ["($parse(a))", { a: '{"_jsonata_function":true}' }, "the expression failed: the JSON for $parse holds a name"],
  ])("%s", async (source, input, reason) => {
    const answer = await ask(source, input);
    expect(answer.kind === "failed" ? answer.reason : answer).toContain(reason);
  });
});

describe("an expression that runs away fails", () => {
  // On a busy machine the wall clock may come first.
  test.each<[string, string, JsonValue, string | RegExp]>([
    ["for ever", "($f := function($n){ $f($n + 1) }; $f(0))", {}, /20000 steps|500 ms/],
    ["ever deeper", "($f := function($n){ 1 + $f($n + 1) }; $f(0))", {}, /20000 steps|500 ms/],
    ["over a range", "([1..1e7])", {}, "D2015"],
    ["over half of one", "($sum([1..9999].($ * 2)))", {}, /20000 steps|500 ms/],
    [
      "with a text that doubles",
      "($f := function($t, $n){ $n = 0 ? $t : $f($t & $t, $n - 1) }; $f('ab', 30))",
      {},
      "1 MiB",
    ],
    [
      "with a list that doubles",
      "($f := function($t, $n){ $n = 0 ? $t : $f($append($t, $t), $n - 1) }; $f([1, 2], 30))",
      {},
      "D2015",
    ],
    [
      "with a value that doubles",
      "($f := function($t, $n){ $n = 0 ? $t : $f({'a': $t, 'b': $t}, $n - 1) }; $f(1, 30))",
      {},
      /too large|500 ms/,
    ],
    ["with padding", "($pad('', 1e9))", {}, "1 MiB"],
    ["over a range that never ends", "([9007199254740992..9007199254740992])", {}, "beyond 2^53"],
    [
      "with a text of what it shares",
      "($f := function($t, $n){ $n = 0 ? $t : $f([[$t], [$t]], $n - 1) }; $f(1, 40) & '')",
      {},
      "too large",
    ],
    [
      "with members of what it shares",
      "($f := function($t, $n){ $n = 0 ? $t : $f([[$t], [$t]], $n - 1) }; $x := {'a': $f(1, 40)}; $x.*)",
      {},
      "too large",
    ],
    [
      "with texts in all",
      "($map([1..9000], function($i){ $pad('', 1000000, a) }))",
      { a: "xy" },
      /too much in all|500 ms/,
    ],
    [
      "with lists in all",
      "($a := [1..9999]; $map([1..4000], function($i){ $reverse($a) }))",
      {},
      /too much in all|500 ms/,
    ],
    ["in pieces", "($split(a, ''))", { a: "x".repeat(20_000) }, "10000 items"],
    [
      "in one function",
      "($distinct(a))",
      { a: Array.from({ length: 9999 }, (_, index) => ({ k: { index } })) },
      "500 ms",
    ],
    [
      "with texts to join",
      "($join($map([1..9000], function($i){ $pad('', 1000000, a) })))",
      { a: "xy" },
      /too much in all|500 ms/,
    ],
  ])("%s", async (_, source, input, reason) => {
    const answer = await ask(source, input);
    expect(answer.kind === "failed" ? answer.reason : answer).toMatch(reason);
  });

  test("and the ones before, beside and after it go on", async () => {
    const heavy = { a: Array.from({ length: 9999 }, (_, index) => ({ k: { index } })) };
    const answers = await Promise.all([
      ask("(a)", { a: 1 }),
      ask("($distinct(a))", heavy),
      ask("(a)", { a: 2 }),
      ask("($distinct(a))", heavy),
      ask("(a)", { a: 3 }),
    ]);
    expect(answers.map((answer) => (answer.kind === "value" ? answer.value : "failed"))).toEqual([
      1,
      "failed",
      2,
      "failed",
      3,
    ]);
    expect(await ask("(a)", { a: 4 })).toEqual({ kind: "value", value: 4 });
  });

  test("a regex over a long text is no way to do it", async () => {
    const answer = await ask("($contains(a, /(x+x+)+y/))", { a: "x".repeat(100_000) });
    expect(answer).toEqual({ kind: "value", value: false });
  });
});

test("many at once answer as each does alone", async () => {
  const source =
    "($m := $match(t, /[a-c]/); $s := $sum(n); {'first': $m[0].match, 'sum': $s, 'at': $millis(), 'all': $map(n, function($v){ $v * $limit })})";
  const inputs = Array.from({ length: 200 }, (_, index) => ({ t: "xyzabc".slice(index % 4), n: [index, index + 1] }));
  const one = (input: JsonValue, index: number) =>
    evaluator.evaluate({ expression: expression(source), input, bindings: { limit: index }, now: index });
  const together = await Promise.all(inputs.map(one));
  const alone: EvaluationAnswer[] = [];
  for (const [index, input] of inputs.entries()) alone.push(await one(input, index));
  expect(together).toEqual(alone);
  expect(together.every((answer) => answer.kind === "value")).toBe(true);
});

test("an evaluator that cannot start its worker says so, each time", async () => {
  const broken = createEvaluator({ worker: new URL("file:///nowhere/worker.js") });
  const evaluation = { expression: expression("(1)"), input: undefined, bindings: {}, now: 0 };
  for (const answer of [await broken.evaluate(evaluation), await broken.evaluate(evaluation)]) {
    expect(answer).toEqual({ kind: "failed", reason: expect.stringContaining("ended") as string });
  }
  await broken.close();
});

describe("time zones, which take their time to load on a machine that has other things to do,", () => {
  test("are loaded before the first expression that asks for one, as a part of the start of the worker", async () => {
    const worker = new Worker(bundle.url);
    const said: unknown[] = [];
    const task = { source: "($local('Europe/Berlin').hour)", input: {}, bindings: {}, now: 0 };
    await new Promise<void>((resolve) => {
      worker.on("message", (message: FromWorker) => {
        said.push(message.kind === "answer" ? message.id : message.kind);
        if (message.kind === "answer" && message.id === 3) resolve();
      });
      worker.postMessage({ ...task, id: 1, source: "(1)" }, []);
      for (const id of [2, 3]) worker.postMessage({ ...task, id }, []);
    });
    await worker.terminate();
    expect(said).toEqual(["ready", 1, "starting", "ready", 2, 3]);
  });

  test("are not counted against the expression", async () => {
    const slow = evaluatorOf(`
      port.on("message", ({ id }) => {
        port.postMessage({ kind: "starting" });
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800);
        port.postMessage({ kind: "ready" });
        port.postMessage({ kind: "answer", id, answer: { kind: "value", value: 1 } });
      });`);
    const evaluation = { expression: expression("(1)"), input: undefined, bindings: {}, now: 0 };
    expect(await slow.evaluate(evaluation)).toEqual({ kind: "value", value: 1 });
    await slow.close();
  });
});

/** With a worker that is ready, and then does this. */
function evaluatorOf(source: string): Evaluator {
  const program = `import { parentPort as port } from "node:worker_threads"; port.postMessage({ kind: "ready" }); ${source}`;
  return createEvaluator({ worker: new URL(`data:text/javascript,${encodeURIComponent(program)}`) });
}

test("a closed evaluator fails what waits and what comes", async () => {
  const closing = createEvaluator({ worker: bundle.url });
  const waiting = closing.evaluate({ expression: expression("(1)"), input: undefined, bindings: {}, now: 0 });
  await closing.close();
  expect(await waiting).toEqual({ kind: "failed", reason: "the proxy is closing" });
  const late = await closing.evaluate({ expression: expression("(1)"), input: undefined, bindings: {}, now: 0 });
  expect(late).toEqual({ kind: "failed", reason: "the proxy is closing" });
});
