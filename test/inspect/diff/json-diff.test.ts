// JSON differences: tables, and laws on any values.
import { assert, jsonValue, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { setAt } from "../../../src/expression/edit.ts";
import { parsePath } from "../../../src/expression/path.ts";
import { differences } from "../../../src/inspect/diff/json-diff.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";

describe("differences", () => {
  test.each<[string, JsonValue, JsonValue, readonly object[]]>([
    ["nothing", { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ["key order", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ["a changed leaf", { a: { b: 1 } }, { a: { b: 2 } }, [{ path: "a.b", before: 1, after: 2 }]],
    ["an added member", { a: 1 }, { a: 1, b: 2 }, [{ path: "b", after: 2 }]],
    ["a removed member", { a: 1, b: 2 }, { a: 1 }, [{ path: "b", before: 2 }]],
    ["another type", { a: [1] }, { a: { b: 1 } }, [{ path: "a", before: [1], after: { b: 1 } }]],
    ["the whole", 1, 2, [{ path: "", before: 1, after: 2 }]],
    ["an element that goes", ["a", "b", "c"], ["a", "c"], [{ path: "[1]", before: "b" }]],
    ["an element that comes", ["a", "c"], ["a", "b", "c"], [{ path: "[1]", after: "b" }]],
    ["the last element", [1, 2], [1], [{ path: "[1]", before: 2 }]],
    ["inside an element", [{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }], [{ path: "[1].a", before: 2, after: 3 }]],
    ["a key with spaces", { "a b": 1 }, {}, [{ path: '["a b"]', before: 1 }]],
    ["a key of every object", { a: 1 }, { a: 1, constructor: 2 }, [{ path: "constructor", after: 2 }]],
    ["repeated elements", [1, 1, 1], [1, 1], [{ path: "[2]", before: 1 }]],
  ])("%s", (_, before, after, expected) => {
    expect(differences(before, after)).toStrictEqual(expected);
  });

  test("absent before or after", () => {
    expect(differences(undefined, 1)).toStrictEqual([{ path: "", after: 1 }]);
    expect(differences(1, undefined)).toStrictEqual([{ path: "", before: 1 }]);
    expect(differences(undefined, undefined)).toStrictEqual([]);
  });

  test("any value is like its own copy, and unlike one with a leaf more", () => {
    const json = jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
    assert(
      property(json, (value) => {
        expect(differences(value, structuredClone(value))).toStrictEqual([]);
        const more = setAt({ value }, parsePath("more").steps, true);
        expect(differences({ value }, more)).toStrictEqual([{ path: "more", after: true }]);
      }),
    );
  });

  test("a deep change in nested lists is found at once", () => {
    const nested = (leaf: JsonValue): JsonValue =>
      Array.from({ length: 25 }).reduce<JsonValue>((inner) => [inner], leaf);
    const started = performance.now();
    expect(differences(nested(1), nested(2))).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(200);
  });
});
