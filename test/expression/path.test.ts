// Paths: how they are read and what they lead to.
import { describe, expect, test } from "vitest";
import { elementsOf, parsePath, valuesAt } from "../../src/expression/path.ts";
import type { JsonValue } from "../../src/mcp/json.ts";

describe("a path is read into steps", () => {
  test.each([
    ["limit", false, [{ kind: "member", key: "limit" }]],
    [
      "params.name",
      true,
      [
        { kind: "member", key: "params" },
        { kind: "member", key: "name" },
      ],
    ],
    ["result.content[0].text", true, ["result", "content", 0, "text"]],
    ["content[*].text", false, ["content", "*", "text"]],
    ['a["full name"].b', false, ["a", "full name", "b"]],
    [String.raw`a["q\"]["][1]`, false, ["a", 'q"][', 1]],
    ["a-b._c", false, ["a-b", "_c"]],
    ["tags", true, ["tags"]],
    ["user.claims.tenant", true, ["user", "claims", "tenant"]],
    ["params2.x", false, ["params2", "x"]],
  ])("%s", (text, absolute, steps) => {
    const expected = steps.map((step) => {
      if (typeof step === "object") return step;
      if (step === "*") return { kind: "every" };
      return typeof step === "number" ? { kind: "index", index: step } : { kind: "member", key: step };
    });
    expect(parsePath(text)).toEqual({ text, absolute, steps: expected });
  });

  test.each(["", "[0]", "a b", "a..b", "a[x]", "a[-1]", "1a", ".a", "a."])(
    "%j was let through by our grammar: our own bug",
    (text) => {
      expect(() => parsePath(text)).toThrow("not a path");
    },
  );
});

describe("a path leads to own members only", () => {
  test.each<[string, JsonValue | undefined, readonly JsonValue[]]>([
    ["a", { a: 1 }, [1]],
    ["a", { a: null }, [null]],
    ["a", { b: 1 }, []],
    ["a", undefined, []],
    ["a", null, []],
    ["a", "a", []],
    ["a.b", { a: { b: [1, 2] } }, [[1, 2]]],
    ["a.b", { a: [{ b: 1 }] }, []],
    ["a[0].b", { a: [{ b: 1 }] }, [1]],
    ["a[1].b", { a: [{ b: 1 }] }, []],
    ["a[*].b", { a: [{ b: 1 }, { c: 2 }, { b: 3 }] }, [1, 3]],
    ["a[*][*]", { a: [[1, 2], [3], 4] }, [1, 2, 3]],
    ["a[*]", { a: { b: 1 } }, []],
    ["a[*]", { a: [] }, []],
    ["a[0]", { a: "text" }, []],
    ["a.length", { a: [1, 2] }, []],
    ["a.length", { a: "text" }, []],
    ["constructor", {}, []],
    ["toString.name", {}, []],
    ["__proto__", {}, []],
    ["__proto__.x", JSON.parse('{"__proto__":{"x":1}}') as JsonValue, [1]],
    ['a["b c"]', { a: { "b c": 1 } }, [1]],
  ])("%s of %j", (text, root, values) => {
    expect(valuesAt(root, parsePath(text))).toEqual(values);
  });
});

test("lists are opened, also lists in lists, and an empty one is nothing", () => {
  expect(elementsOf([1, [2, [3, []]], []])).toEqual([1, 2, 3]);
});
