// Paths: how they are read and what they lead to.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementsOf, parsePath, valuesAt, type Path } from "../../src/expression/path.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../src/mcp/json.ts";
import { rooted } from "./json-trees.ts";

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
    ["a.b", { a: ["b", 1, null] }, []],
    ["a[0].b", { a: [{ b: 1 }] }, [1]],
    ["a[1].b", { a: [{ b: 1 }] }, []],
    ["a[*].b", { a: [{ b: 1 }, { c: 2 }, { b: 3 }] }, [1, 3]],
    ["a[*][*]", { a: [[1, 2], [3], 4] }, [1, 2, 3, 4]],
    ["a[*]", { a: [] }, []],
    ["a[*]", {}, []],
    ["a[1]", { a: "text" }, []],
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

describe("a list around a value hides it from no path, and one that is left out neither", () => {
  test.each<[string, JsonValue, readonly JsonValue[]]>([
    ["a.b", { a: [{ b: 1 }] }, [1]],
    ["a.b", { a: [{ b: 1 }, { c: 2 }, { b: [3] }] }, [1, [3]]],
    ["a.b", { a: [[{ b: 1 }], { b: 2 }] }, [1, 2]],
    ["a.b.c", { a: [{ b: [{ c: 1 }, { c: 2 }] }, { b: { c: 3 } }] }, [1, 2, 3]],
    ["a.b[0]", { a: [{ b: [1, 2] }, { b: [3] }] }, [1, 3]],
    ["a.b", [{ a: { b: 1 } }], [1]],
    ["a[*].b", { a: { b: 1 } }, [1]],
    ["a[*]", { a: { b: 1 } }, [{ b: 1 }]],
    ["a[*]", { a: null }, [null]],
    ["a[0]", { a: "text" }, ["text"]],
    ["a[0].b", { a: { b: 1 } }, [1]],
  ])("%s of %j", (text, root, values) => {
    expect(valuesAt(root, parsePath(text))).toEqual(values);
  });

  test("whatever stands in a list of one", () => {
    fc.assert(
      fc.property(rooted, named, fc.nat(), (root, path, at) => {
        expect(scalarsAt(inListOfOne(root, at), path)).toEqual(scalarsAt(root, path));
      }),
      { numRuns: 2000 },
    );
  });
});

/** An object that is found may be the one with the list in it. */
function scalarsAt(root: JsonValue, path: Path): readonly JsonValue[] {
  return elementsOf(valuesAt(root, path)).filter((value) => !isJsonObject(value));
}

const named = fc
  .tuple(fc.constantFrom("a", "b"), fc.array(fc.constantFrom(".a", ".b", "[*]"), { maxLength: 3 }))
  .map(([first, rest]) => parsePath(first + rest.join("")));

/** With one value in it, the one at `index` in the order of its text, in a list of one. */
function inListOfOne(root: JsonValue, index: number): JsonValue {
  let left = index % countOf(root);
  const wrap = (value: JsonValue): JsonValue => {
    if (left-- === 0) return [value];
    if (isJsonArray(value)) return value.map(wrap);
    return isJsonObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, held]) => [key, wrap(held)]))
      : value;
  };
  return wrap(root);
}

function countOf(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((count: number, held: JsonValue) => count + countOf(held), 1);
}

test("lists are opened, also lists in lists, and an empty one is nothing", () => {
  expect(elementsOf([1, [2, [3, []]], []])).toEqual([1, 2, 3]);
});
