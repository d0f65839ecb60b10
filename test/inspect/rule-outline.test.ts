// How rules are carried out: by what they are found, what they look at, where their expressions run.
import { describe, expect, test } from "vitest";
import { outlineOf, type RuleOutline } from "../../src/inspect/rule-outline.ts";
import { revisionOf } from "./play/play.ts";

const LETS = `let most = 50\nlet secrets = /AKIA[0-9A-Z]{16}/`;

function outline(rules: string) {
  return outlineOf(
    revisionOf(`default allow\n${LETS}\nrule uses-lets when tools/call u with a $most redact $secrets\n${rules}`).policy
      .policy,
  );
}

function outlineOfRule(rule: string): RuleOutline | undefined {
  return outline(`rule r\n${rule}`).rules.at(-1);
}

describe("a rule is found by", () => {
  test.each([
    ["when tools/call read_file on files block", [["tools/call", "files", "=read_file"]]],
    ["when tool get_* on files set title = 1", [["tool", "files", "^get_"]]],
    [
      "when prompt a | b set title = 1",
      [
        ["prompt", "*", "=a"],
        ["prompt", "*", "=b"],
      ],
    ],
    ["when tools/* log", [["*", "*", "*"]]],
    ['when resources/read "file:///a" log', [["resources/read", "*", "*"]]],
    ["when message on files log", [["*", "files", "*"]]],
  ])("%s", (rule, keys) => {
    const found = outlineOfRule(rule)?.found.map(({ method, server, name }) => [method, server, name]);
    expect(found).toStrictEqual(keys);
  });
});

describe("a rule reads", () => {
  test.each([
    ["when tools/call x with a.b and c = user.id without d block", ["a.b", "c", "user.id", "d"]],
    ["when tools/call x for group g for client c block", ["user.groups", "client.name"]],
    ["when tools/call x containing /k/ block", ["any text of the body"]],
    ['when tools/call x except with p "/a/**" block "no {q}"', ["p", "q"]],
    ["when tools/call x where (a > $most and b = $user.id) block", ["a", "b", "$user"]],
    ["when tools/call x where ($count($) > 1) block", ["all that `$` is"]],
    ["when result of tools/call x set isError = request.params.name", ["request.params.name"]],
    ["when result of tools/call x redact $secrets in content", ["content"]],
    ["when tools/call x log (name)", ["name"]],
    ['when tools/call x ask "Send {q}?"', ["q"]],
    [
      "when tools/call x limit 5 of params.arguments.n per 1d by group else block",
      ["user.groups", "params.arguments.n"],
    ],
    ['when tools/call x limit 5 per 1d by (a) else ask "{b}"', ["b", "a"]],
    ["when tools/call x cache for 1m by (lang)", ["lang"]],
    ["when tools/call x tag t for 1h by user", ["user.id"]],
    ["when tools/call x tag t for 1h by (a)", ["a"]],
    ['when result of tools/call x translate in content[*].text to "fr"', ["content[*].text"]],
    ["when tools/call x call scan", ["any text of the body"]],
    ["when tools/call x block", []],
  ])("%s", (rule, reads) => {
    expect(outlineOfRule(rule)?.reads).toStrictEqual(reads);
  });
});

describe("a rule needs", () => {
  test.each([
    ["when tools/call x block", []],
    ["when tools/call x ask", ["a human"]],
    ["when tools/call x limit 5 per 1m else ask via queue", ["a counter", "a human by queue"]],
    ["when tools/call x tag t for 1h by user cache for 1m", ["tags that last", "kept answers"]],
    ["when tools/call x tag t", []],
    ['when tool x translate to "fr" using deepl', ["translator deepl"]],
    ['when result of tools/list translate to "auto" call tidy', ["translations", "module tidy"]],
  ])("%s", (rule, needs) => {
    expect(outlineOfRule(rule)?.needs).toStrictEqual(needs);
  });
});

test("a rule writes what it sets, adds, removes, rewrites and masks", () => {
  const { writes } =
    outlineOfRule("when tools/call x set a = 1 add 2 to b remove c, d rewrite e (f) redact $secrets") ?? {};
  expect(writes).toStrictEqual(["a", "b", "c", "d", "e", "any text of the body"]);
});

describe("an expression runs", () => {
  test.each([
    ["(a > 1)", "compiled", undefined],
    ["(a#$i.b)", "packaged", "`#$i`"],
    ["(a@$x.b)", "packaged", "`@$x`"],
    ["(a.b.%.c)", "packaged", "`%`, or a path with `@` or `#`"],
    ["($sum(?))", "packaged", "a call with `?` for an argument"],
    ["(a{b: c})", "packaged", "`{…}` behind a path, which groups"],
    ["([$f := 1])", "packaged", "`:=` inside of `[…]` or `{…}`"],
    ['($now("[Y]") = "2026")', "packaged", "a picture of `$now`"],
  ])("%s", (source, runs, because) => {
    const [expression] = outlineOfRule(`when tools/call x set y = ${source}`)?.expressions ?? [];
    expect(expression).toStrictEqual({ source, runs, ...(because !== undefined && { because }) });
  });
});

test("rules that change the same messages stand in the order in which they do", () => {
  const { order } = outline(`
rule second when tools/call pay set a = 1
rule first-of-all when tools/call pay or tools/call buy remove b
rule judges when tools/call pay block
rule renames when tool pay rename to paid
rule third when tools/call pay rewrite c (d)`);
  expect(order).toStrictEqual([{ target: "tools/call pay", rules: ["second", "first-of-all", "third"] }]);
});
