// Edits copy only the way down to what changed.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { removeAt, setAt, updateEach } from "../../src/expression/edit.ts";
import { parsePath, valuesAt } from "../../src/expression/path.ts";
import { placesAt } from "../../src/engine/places.ts";
import { isJsonArray, type JsonValue } from "../../src/mcp/json.ts";
import { rooted } from "./json-trees.ts";

function steps(path: string) {
  return parsePath(path).steps;
}

describe("set", () => {
  test.each<[JsonValue, string, JsonValue, JsonValue]>([
    [{}, "a", 1, { a: 1 }],
    [{ a: 1, b: 2 }, "a", 3, { a: 3, b: 2 }],
    [{}, "a.b.c", 1, { a: { b: { c: 1 } } }],
    [{ a: { x: 1 } }, "a.b", 2, { a: { x: 1, b: 2 } }],
    [{ a: [1, 2] }, "a[1]", 3, { a: [1, 3] }],
    [{ a: [1, 2] }, "a[2]", 3, { a: [1, 2, 3] }],
    [{ a: [1, 2] }, "a[3]", 3, { a: [1, 2] }],
    [{ a: [{}, { b: 1 }] }, "a[*].b", 2, { a: [{ b: 2 }, { b: 2 }] }],
    [{ a: [1, 2] }, "a[*]", 0, { a: [0, 0] }],
    [{ a: [{}, { b: 1 }, "text"] }, "a[*].b", 2, { a: [{ b: 2 }, { b: 2 }, "text"] }],
    [{ a: [{ b: 1 }] }, "a.b", 2, { a: [{ b: 1 }] }],
    [{ a: {} }, "a[*].b", 1, { a: { b: 1 } }],
    [{ a: "text" }, "a[*]", 1, { a: 1 }],
    [{ a: "text" }, "a[0]", 1, { a: 1 }],
    [{ a: "text" }, "a[1]", 1, { a: "text" }],
    [{ a: "text" }, "a.b", 1, { a: "text" }],
    [{ a: null }, "a.b", 1, { a: null }],
    [{}, "a[0]", 1, {}],
    [{}, "a[*].b", 1, {}],
  ])("%j: %s = %j", (root, path, value, expected) => {
    expect(setAt(root, steps(path), value)).toEqual(expected);
  });
});

describe("remove", () => {
  test.each<[JsonValue, string, JsonValue]>([
    [{ a: 1, b: 2 }, "a", { b: 2 }],
    [{ a: { b: 1 } }, "a.b", { a: {} }],
    [{ a: [1, 2, 3] }, "a[1]", { a: [1, 3] }],
    [{ a: [1, 2, 3] }, "a[*]", { a: [] }],
    [{ a: [{ b: 1, c: 2 }, { b: 3 }] }, "a[*].b", { a: [{ c: 2 }, {}] }],
    [{ a: [{ b: 1, c: 2 }, { b: 3 }, "b"] }, "a.b", { a: [{ c: 2 }, {}, "b"] }],
    [{ a: { b: 1, c: 2 } }, "a[*].b", { a: { c: 2 } }],
    [{ a: "text", c: 1 }, "a[*]", { c: 1 }],
    [{ a: [{ b: "text" }] }, "a.b[0]", { a: [{}] }],
    [{ a: 1 }, "b", { a: 1 }],
    [{ a: 1 }, "toString", { a: 1 }],
  ])("%j: %s", (root, path, expected) => {
    expect(removeAt(root, steps(path))).toEqual(expected);
  });
});

describe("update", () => {
  test.each<[JsonValue, string, JsonValue]>([
    [{ a: 1 }, "a", { a: "<1>" }],
    [{ a: [1, 2] }, "a[*]", { a: ["<1>", "<2>"] }],
    [{ a: [{ b: 1 }, { c: 2 }] }, "a.b", { a: [{ b: "<1>" }, { c: 2 }] }],
    [{ a: 1 }, "a[*]", { a: "<1>" }],
    [{ b: 1 }, "a", { b: 1 }],
    [{ a: [1] }, "a[1]", { a: [1] }],
  ])("%j: %s", (root, path, expected) => {
    expect(updateEach(root, steps(path), (value) => `<${JSON.stringify(value)}>`)).toEqual(expected);
  });
});

test("an edit keeps the order of keys", () => {
  expect(JSON.stringify(setAt({ a: 1, b: 2, c: 3 }, steps("b"), 0))).toBe('{"a":1,"b":0,"c":3}');
});

test("`__proto__` is a key like any other", () => {
  const set = setAt({}, steps("__proto__.polluted"), true);
  expect(JSON.stringify(set)).toBe('{"__proto__":{"polluted":true}}');
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  expect(Object.getPrototypeOf(set)).toBe(Object.prototype);
  const parsed = JSON.parse('{"__proto__":{"a":1},"b":2}') as JsonValue;
  expect(JSON.stringify(setAt(parsed, steps("b"), 3))).toBe('{"__proto__":{"a":1},"b":3}');
  expect(JSON.stringify(removeAt(parsed, steps("b")))).toBe('{"__proto__":{"a":1}}');
  expect(JSON.stringify(removeAt(parsed, steps("__proto__")))).toBe('{"b":2}');
});

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const path = fc
  .tuple(fc.constantFrom("a", "b"), fc.array(fc.constantFrom(".a", ".b", "[0]", "[1]", "[*]"), { maxLength: 3 }))
  .map(([first, rest]) => parsePath(first + rest.join("")));

test("what an edit does not change is the very same value, and what goes in is never touched", () => {
  fc.assert(
    fc.property(rooted, path, json, (root, { steps: way, ...rest }, value) => {
      const before = JSON.stringify(root);
      const whole = { steps: way, ...rest };
      const updated = updateEach(root, way, (same) => same);
      expect(updated).toBe(root);
      const removed = removeAt(root, way);
      expect(valuesAt(root, whole).length > 0 || removed === root).toBe(true);
      const set = setAt(root, way, value);
      // Of a list that is set where one was left out, a path finds the elements.
      const places = isJsonArray(value) ? [] : placesAt(set, way).filter((place) => place.value !== undefined);
      expect(places.every((place) => place.value === value)).toBe(true);
      expect(JSON.stringify(root)).toBe(before);
    }),
    { numRuns: 2000 },
  );
});

test("what `[*]` finds in a list in a list is no place of its own", () => {
  const root = { a: [[{ b: 1 }], { b: 2 }] };
  expect(placesAt(root, steps("a[*].b")).map((place) => place.value)).toEqual([undefined, 2]);
  expect(valuesAt(root, parsePath("a[*].b"))).toEqual([1, 2]);
});

test("reading, changing and places agree on what a path finds; what was taken out is gone", () => {
  fc.assert(
    fc.property(rooted, path, (root, whole) => {
      const found = valuesAt(root, whole);
      const updated: JsonValue[] = [];
      updateEach(root, whole.steps, (value) => {
        updated.push(value);
        return value;
      });
      expect(updated).toEqual(found);
      // Nothing can be put where only a name leads through a list.
      const places = placesAt(root, whole.steps).flatMap(({ value }) => (value === undefined ? [] : [value]));
      expect(places.length <= found.length && places.every((value) => found.includes(value))).toBe(true);
      // An element that is taken out leaves its place to the next one.
      const leaves = /\[\d\]/.test(whole.text);
      expect(leaves || valuesAt(removeAt(root, whole.steps), whole).length === 0).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
