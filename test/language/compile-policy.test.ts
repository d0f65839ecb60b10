// What a policy becomes: the parts that the engine reads, from text.
import { describe, expect, test } from "vitest";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import type { CompiledPolicy } from "../../src/language/compiled-policy.ts";
import { nowOf, untilOf } from "../../src/language/until.ts";
import { readTemplate } from "../../src/language/template.ts";

function compiled(...texts: readonly string[]): CompiledPolicy {
  const files = texts.map((text, index) => ({ path: `${String(index)}.mcprules`, text: `mcprules 1\n${text}` }));
  const { policy, diagnostics } = compilePolicy(files, { now: 0 });
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics));
  return policy;
}

describe("rules", () => {
  test("come in the order of files and lines, with their places", () => {
    const { rules } = compiled("default allow rule b when tool x on s block", "\nrule a\n  when tool y on s\n  block");
    expect(rules.map(({ id, order, place }) => [id, order, place])).toEqual([
      ["b", 0, { file: "0.mcprules", line: 2, column: 20 }],
      ["a", 1, { file: "1.mcprules", line: 3, column: 6 }],
    ]);
  });

  test("have a stage, and fail closed unless they say otherwise", () => {
    const { rules } = compiled(
      "default allow rule a when tool x on s block rule b in shadow fails open when tool y on s block rule c in canary 2.5% when tool z on s block",
    );
    expect(rules.map(({ stage, fails }) => [stage, fails])).toEqual([
      [{ kind: "enforced" }, undefined],
      [{ kind: "shadow" }, "open"],
      [{ kind: "canary", percent: 2.5 }, undefined],
    ]);
  });

  test("log at info, all messages, to the one sink, unless they say otherwise", () => {
    const { rules } = compiled('default allow rule a when tools/call x on s log log warn 5% "{name}"');
    expect(rules[0]?.observations).toMatchObject([
      { kind: "log", level: "info", percent: 100, sink: undefined, text: undefined },
      { kind: "log", level: "warn", percent: 5, text: { kind: "template" } },
    ]);
  });

  test("rename each glob that they name", () => {
    const { rules } = compiled("default allow rule a when tool get_* | list_* on s rename to gh_*");
    expect(rules[0]?.transforms).toMatchObject([
      { kind: "rename", to: "gh_*", from: { text: "get_*" } },
      { kind: "rename", to: "gh_*", from: { text: "list_*" } },
    ]);
  });
});

describe("a `let`", () => {
  const lets = 'let a = b | $c let c = "d" | 5 let e = 7 let f = {"g": 1} let h = 2m let i = ["j", "k"]';

  test("is put where its name stands in patterns", () => {
    const { rules } = compiled(`default allow ${lets} rule r when tools/call x on s with p $a and q $i block`);
    const clause = rules[0]?.head.clauses.find((one) => one.kind === "with");
    expect(clause).toMatchObject({
      all: [
        { test: { pattern: { parts: [{ text: "b" }, { text: "d" }, { value: 5 }] } } },
        { test: { pattern: { parts: [{ text: "j" }, { text: "k" }] } } },
      ],
    });
  });

  test("is bound for expressions: one text, a list of texts, or the value", () => {
    expect(compiled(`default allow ${lets}`).bindings).toEqual({
      a: ["b", "d", 5],
      c: ["d", 5],
      e: 7,
      f: { g: 1 },
      h: 120_000,
      i: ["j", "k"],
    });
  });

  test("that holds an expression is evaluated where it is used, with what it uses itself", () => {
    const { rules, bindings } = compiled(
      "default allow let one = 1 let two = ($one + 1) let three = ($two + 1) rule r when tools/call x on s where ($three = limit) block",
    );
    const clause = rules[0]?.head.clauses.find((one) => one.kind === "where");
    expect(clause?.expression.source).toBe("($two := ($one + 1); $three := ($two + 1); ($three = limit))");
    expect(clause?.expression.variables).toEqual(["one"]);
    expect(bindings).toEqual({ one: 1 });
  });
});

describe("what a policy mentions", () => {
  test("servers by name, without wildcards", () => {
    const policy = compiled(
      'default allow rule a when tool x on files | "git*" block rule b when tool y except on slack block',
    );
    expect(policy.serversNamed).toEqual(["files", "slack"]);
  });

  test.each([
    ['with tags "seen"', ["seen"]],
    ['with tags "s*"', ["seen", "sent"]],
    ["where ($tags)", ["seen", "sent"]],
    ["without tags", ["seen", "sent"]],
    ["except without tags", ["seen", "sent"]],
    ["with x", []],
  ])("tags that some rule reads: %s", (clause, expected) => {
    const policy = compiled(
      `default allow rule a when tools/call x on s tag seen, sent rule b when tools/call y on s ${clause} log`,
    );
    expect(policy.tagsRead).toEqual(expected);
  });
});

test("tests have their steps, with places", () => {
  const { tests } = compiled(
    'default allow test "t"\n  given user "a"\n  send tools/call x {"a": 1} on s 2 times\n  expect allow by default',
  );
  expect(tests).toMatchObject([
    {
      name: "t",
      steps: [
        { kind: "given-principal", principal: "user", value: { kind: "literal", value: "a" }, place: { line: 3 } },
        { kind: "send", method: "tools/call", name: "x", body: { a: 1 }, server: "s", times: 2, place: { line: 4 } },
        { kind: "expect-verdict", verdict: "allow", by: "default", place: { line: 5 } },
      ],
    },
  ]);
});

describe("points in time", () => {
  test.each([
    ["2026-12-01", Date.UTC(2026, 11, 1)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    ["2026-02-29", undefined],
    ["2026-2-1", undefined],
    ["soon", undefined],
  ])("the day %s", (text, expected) => {
    expect(untilOf(text)).toBe(expected);
  });

  test.each([
    ["2026-12-01T09:30:00Z", Date.UTC(2026, 11, 1, 9, 30)],
    ["2026-12-01T09:30+01:00", Date.UTC(2026, 11, 1, 8, 30)],
    ["2026-12-01", Date.UTC(2026, 11, 1)],
    ["2026-02-30T00:00:00Z", undefined],
    ["2026-12-01T25:00:00Z", undefined],
  ])("the instant %s", (text, expected) => {
    expect(nowOf(text)).toBe(expected);
  });
});

describe("a template", () => {
  test.each([
    ["plain", [{ kind: "text", text: "plain" }]],
    ["{{a}", [{ kind: "text", text: "{a}" }]],
    ['x {a.b[0]["c"]}!', [{ kind: "text", text: "x " }, { kind: "field" }, { kind: "text", text: "!" }]],
    ["", []],
  ])("%j has its pieces", (text, pieces) => {
    expect(readTemplate(text)).toMatchObject({ kind: "template", template: pieces });
  });

  test.each(["{", "a {b c}", "{}", "{1}", "{a"])("%j is none", (text) => {
    expect(readTemplate(text).kind).toBe("mistake");
  });
});

test("patterns are one only if they say the same", () => {
  const texts = [
    '"a|b"',
    "a | b",
    '"a\\nb"',
    '"\\"a\\\\nb\\""',
    '"5"',
    "5",
    '"ga"',
    "/a/",
    "/a/i",
    '"/a/"',
    '"true"',
    "true",
  ];
  const rules = texts.map((text, index) => `rule r${String(index)} when tools/call x on s with p ${text} block`);
  const patterns = compiled(`default allow ${rules.join(" ")}`).rules.map(({ head }) => {
    const clause = head.clauses.find((one) => one.kind === "with");
    const test = clause?.all[0]?.test;
    return test?.kind === "matches" ? test.pattern : undefined;
  });
  expect(new Set(patterns).size).toBe(texts.length);
});
