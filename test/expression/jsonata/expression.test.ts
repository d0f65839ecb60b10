// JSONata is checked when a policy is read: what is wrong with it, at which characters, and what it uses.
import { describe, expect, test } from "vitest";
import { compileExpression } from "../../../src/expression/jsonata/expression.ts";

const known = new Set(["page_size", "message", "request"]);

describe("what is wrong is said at the characters it is about", () => {
  test.each<[source: string, about: string, message: string, help?: string]>([
    ["(a + )", ")", "something is missing before `)`"],
    ["(a foo)", "foo", "expected `)`, got `foo`"],
    ["(a[)", ")", "something is missing before `)`"],
    ["(a := 1)", "a", "the left side of := must be a variable name (start with $)"],
    ["('a' 'b')", "'b'", "expected `)`, got `b`"],
    ["(a.1)", "1", "the literal value 1 cannot be used as a step within a path expression"],
    ["(a `b c`)", "`b c`", "expected `)`, got `b c`"],
    [String.raw`("\q")`, "q", "there is no escape `\\q`"],
    [String.raw`("\u12")`, "u", "`\\u` wants four hex digits"],
    ["(1e999)", "1e999", "number out of range: `1e999`"],
    ["(/* x", "/", "a comment without its `*/`"],
    ["(function(a){1})", "a", "parameter 1 of function definition must be a variable name (start with $)"],
    ["(%)", "(", "the object representing the 'parent' cannot be derived from this expression"],
    ["(limit > $pag_size)", "$pag_size", "there is no variable `$pag_size`", "did you mean `$page_size`?"],
    ["($uppercas(x))", "$uppercas", "there is no function `$uppercas`", "did you mean `$uppercase`?"],
    ["(not(a > 5))", "not", "`not` is a field, and no field is a function", "did you mean `$not`?"],
    ["(a.b.foo(5))", "foo", "`foo` is a field, and no field is a function"],
    ["($map(a, $nothing_like_it))", "$nothing_like_it", "there is no variable `$nothing_like_it`"],
    ["(($x := 1); $x)", "$x", "there is no variable `$x`"],
    ["(a.($i := 1); $i)", "$i", "there is no variable `$i`"],
    ["(function($x){$x}; $x)", "$x", "there is no variable `$x`"],
    ["($contains(a, /x(?=y)/))", "(?=y)/", "look-around cannot be matched in linear time"],
    [String.raw`($contains(a, /(x)\1/))`, String.raw`\1/`, "a back-reference cannot be matched in linear time"],
    [String.raw`($contains(a, /a\/[/](?!b)/i))`, "(?!b)/i", "look-around cannot be matched in linear time"],
    ["($contains(a, /x/) ?? 1)", "/", "a regex cannot stand before `??` or `?:`"],
    ["($contains(a, /x)y(/))", ")y(", "a `)` without its `(`"],
    ["($toMillis(a, b))", "b", "the picture of `$toMillis` must be a text that stands here"],
    ["($toMillis(a, $page_size))", "$page_size", "the picture of `$toMillis` must be a text that stands here"],
    ["(a ~> $toMillis(b))", "b", "the picture of `$toMillis` must be a text that stands here"],
    ["($f := $toMillis; $f(a))", "$toMillis", "`$toMillis` can only be called"],
  ])("%s", (source, about, message, help) => {
    const { problems, expression } = compileExpression(source, known);
    expect(expression).toBeUndefined();
    const [problem] = problems;
    expect(problem && source.slice(problem.offset, problem.offset + problem.length)).toBe(about);
    expect(problem?.message).toBe(message);
    expect(problem?.help ?? "").toContain(help ?? "");
  });

  test.each([
    ["($eval('1'))", "$eval"],
    ["(a ~> $eval)", "$eval"],
    ["($e := $eval; $e('1'))", "$eval"],
    ["(a ? $eval := 1; $eval('2'))", "$eval"],
    ["($random())", "$random"],
    ["($map(a, $random))", "$random"],
    ["($shuffle(a))", "$shuffle"],
    ["($f := $shuffle(?))", "$shuffle"],
  ])("%s is refused", (source, name) => {
    const [problem] = compileExpression(source, known).problems;
    expect(problem?.message).toContain(`\`${name}\` is refused`);
    expect(problem && source.slice(problem.offset, problem.offset + problem.length)).toBe(name);
  });

  test("several at once, in order", () => {
    const { problems } = compileExpression("($b + $eval('x') + $c)", known);
    expect(problems.map(({ offset }) => offset)).toEqual([1, 6, 19]);
  });

  test.each(["", "(", "(((", "($", "(/", "('", "(/[/", "(a.", "(a[", "({", "(|", "(@", "(^", "(a ? "])(
    "%j ends in a problem inside the text",
    (source) => {
      const [problem] = compileExpression(source, known).problems;
      expect(problem?.offset).toBeGreaterThanOrEqual(0);
      expect(problem?.offset).toBeLessThanOrEqual(source.length);
      expect(problem?.message).not.toBe("");
    },
  );

  test("an expression nested without end is a problem too", () => {
    expect(compileExpression(`${"(".repeat(50_000)}1${")".repeat(50_000)}`, known).problems).toHaveLength(1);
  });
});

describe("what an expression uses", () => {
  test.each<[string, readonly string[], readonly string[] | undefined, boolean]>([
    ["(limit > $page_size)", ["page_size"], ["limit"], false],
    ["(a.b & c.d)", [], ["a", "c"], false],
    ["(`a b`)", [], ["a b"], false],
    ["(a[b = $request.method].c)", ["request"], ["a"], false],
    ["(a.b.(c + $page_size))", ["page_size"], ["a"], false],
    ["($)", [], undefined, false],
    ["($$.a)", [], undefined, false],
    ["(a[$ > 1])", [], ["a"], false],
    ["(*)", [], undefined, false],
    ["(a.*)", [], ["a"], false],
    ["(**.x)", [], undefined, false],
    ["($uppercase())", [], undefined, false],
    ["($string(a, true))", [], ["a"], false],
    ["($now() & a)", [], ["a"], true],
    ["($millis())", [], [], true],
    ["($map(a, function($v){$v.b}))", [], ["a"], false],
    ["($x := a; $f := function($n){$n = 0 ? $x : $f($n - 1)}; $y := $f(3, 1))", [], ["a"], false],
    ["(a@$x.b#$i.{'x': $x, 'i': $i})", [], ["a"], false],
    ["(a#$i[$i = 0])", [], ["a"], false],
    ["($page_size := 1; $page_size)", ["page_size"], [], false],
    ["($ ~> |a|{'b': c}|)", [], undefined, false],
    ["(a^(>b))", [], ["a"], false],
    ["(a ?: b ?? c)", [], ["a", "b", "c"], false],
    ["($toMillis(a, '[Y]-[M]'))", [], ["a"], false],
    ["(a in [b, 'c'])", [], ["a", "b"], false],
    ["({'a': b, c: -d})", [], ["b", "c", "d"], false],
  ])("%s", (source, variables, reads, usesClock) => {
    const { expression, problems } = compileExpression(source, known);
    expect(problems).toEqual([]);
    expect(expression).toMatchObject({ source, variables, usesClock });
    expect(expression?.reads).toEqual(reads);
  });
});
