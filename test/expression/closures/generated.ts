// Expressions and messages, made up: what people write and what they would never write.
import * as fc from "fast-check";
import type { JsonValue } from "../../../src/mcp/json.ts";

const name = fc.constantFrom("a", "b", "c", "d");

export const message: fc.Arbitrary<JsonValue> = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "medium", withCrossShrink: true },
    fc.constantFrom<JsonValue>(0, 1, 2, -1, 1.5, "", "a", "b", "x1y22", "abc abc", true, false, null),
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(name, tie("node"), { maxKeys: 4, noNullPrototype: true }),
    fc.record({ a: tie("node"), b: fc.array(fc.record({ a: tie("node"), c: tie("node") }), { maxLength: 3 }) }),
  ),
})).node;

/** `$p` and `$q` are bound from outside. */
export const bindings = fc.record({ p: message, q: fc.constantFrom<JsonValue>(1, "a", [1, 2], { a: 1 }) });

const literal = fc.constantFrom(
  "0",
  "1",
  "2",
  "-1",
  "1.5",
  '""',
  '"a"',
  '"b"',
  '"abc"',
  "true",
  "false",
  "null",
  "[]",
  "{}",
);
const regex = fc.constantFrom("/a/", "/[0-9]+/", "/(a)(b)?/", "/x*/", "/B/i");

const made = fc.letrec<{ expression: string; path: string; call: string; block: string }>((tie) => {
  const inner = tie("expression");
  const two = fc.tuple(inner, inner);
  const three = fc.tuple(inner, inner, inner);
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthSize: "small", withCrossShrink: true },
      literal,
      tie("path"),
      tie("path"),
      fc
        .tuple(two, fc.constantFrom(..."+ - * / % = != < <= > >= & and or in".split(" ")))
        .map(([[l, r], op]) => `(${l} ${op} ${r})`),
      tie("call"),
      tie("call"),
      tie("block"),
      three.map(([c, t, e]) => `(${c} ? ${t} : ${e})`),
      two.map(([c, t]) => `(${c} ? ${t})`),
      two.map(([l, r]) => `(${l} ?: ${r})`),
      two.map(([l, r]) => `(${l} ?? ${r})`),
      inner.map((one) => `-(${one})`),
      fc.array(inner, { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc.tuple(fc.constantFrom("-1", "0", "1"), fc.constantFrom("1", "3")).map(([from, to]) => `[${from}..${to}]`),
      fc
        .array(
          fc.tuple(
            fc.oneof(
              name.map((key) => `"${key}"`),
              inner,
            ),
            inner,
          ),
          { maxLength: 3 },
        )
        .map((pairs) => `{${pairs.map(([key, value]) => `${key}: ${value}`).join(", ")}}`),
    ),
    path: fc
      .tuple(
        fc.oneof(name, name, fc.constantFrom("$", "$$", "$p", "$q", "*", "**", "`a`"), fc.constant("(b)")),
        fc.array(
          fc.oneof(
            name.map((key) => `.${key}`),
            name.map((key) => `.${key}`),
            fc.constantFrom("[0]", "[-1]", "[1]", "[]", ".*", ".$", "[[0, 1]]"),
            inner.map((one) => `[${one}]`),
            inner.map((one) => `.(${one})`),
            inner.map((one) => `.{"k": ${one}}`),
            inner.map((one) => `.[${one}]`),
            fc.tuple(fc.constantFrom("", "<", ">"), inner).map(([order, one]) => `^(${order}${one})`),
          ),
          { maxLength: 4 },
        ),
      )
      .map(([first, rest]) => first + rest.join("")),
    call: fc.oneof(
      fc
        .tuple(
          fc.constantFrom(
            ..."string lowercase uppercase length trim number abs floor ceil round sqrt boolean not exists type sum max min average count keys spread merge reverse sort distinct base64encode base64decode encodeUrlComponent decodeUrl parse tokens".split(
              " ",
            ),
          ),
          inner,
        )
        .map(([f, x]) => `$${f}(${x})`),
      fc.constantFrom("$string()", "$uppercase()", "$keys()", "$count()", "$millis()", "$now()"),
      fc
        .tuple(
          fc.constantFrom(
            ..."substringBefore substringAfter contains split join append lookup power round pad truncate substring zip".split(
              " ",
            ),
          ),
          two,
        )
        .map(([f, [x, y]]) => `$${f}(${x}, ${y})`),
      fc.tuple(inner, regex, fc.constantFrom("contains", "match", "split")).map(([x, r, f]) => `$${f}(${x}, ${r})`),
      fc
        .tuple(
          inner,
          fc.oneof(regex, fc.constantFrom('"a"', '""', '"b"')),
          fc.constantFrom('"<$1>"', '"$0$$"', '"$12"', '"-"'),
        )
        .map(([x, r, by]) => `$replace(${x}, ${r}, ${by})`),
      three.map(([x, y, z]) => `$substring(${x}, ${y}, ${z})`),
      fc
        .tuple(inner, inner, fc.constantFrom("map", "filter", "single", "each", "sift"))
        .map(([x, y, f]) => `$${f}(${x}, function($v, $i) { ${y} })`),
      fc
        .tuple(inner, inner, fc.constantFrom("map", "filter"))
        .map(([x, y, f]) => `$${f}(${x}, function($v) { $v.(${y}) })`),
      two.map(([x, y]) => `$reduce(${x}, function($l, $r) { ${y} })`),
      two.map(([x, y]) => `$sort(${x}, function($l, $r) { $l.a > $r.a or ${y} })`),
      fc
        .tuple(inner, fc.constantFrom("$string", "$uppercase", "$sum", "$keys", "$not", "$type"))
        .map(([x, f]) => `(${x} ~> ${f})`),
      fc
        .tuple(inner, fc.constantFrom("$map($string)", "$filter($boolean)", '$substringBefore("b")', "$append(1)"))
        .map(([x, f]) => `(${x} ~> ${f})`),
      fc.tuple(inner, fc.constantFrom("$string", "$uppercase", "$type")).map(([x, f]) => `$map(${x}, ${f})`),
      fc.tuple(inner, tie("path"), inner).map(([x, where, update]) => `(${x} ~> |${where}|{"n": ${update}}|)`),
      fc
        .tuple(
          fc.constantFrom("$", "b", "a.b", "b[0]", "b[a = 1]", "**"),
          inner,
          fc.constantFrom('"a"', '["a", "c"]', "c"),
        )
        .map(([where, update, gone]) => `($ ~> |${where}|{"n": ${update}, "c": "m"}, ${gone}|)`),
    ),
    block: fc.oneof(
      two.map(([x, y]) => `($x := ${x}; ${y})`),
      two.map(([x, y]) => `($x := ${x}; [$x, ${y}])`),
      three.map(([x, y, z]) => `($f := function($n) { ${x} }; $y := ${y}; $f(${z}))`),
      two.map(([x, y]) => `(${x}; ${y})`),
      fc.constantFrom("($x := 1; ($x := 2); $x)", "($x := a; $x.b)", "()"),
    ),
  };
});

export const source = made.expression.map((text) => `(${text})`);
