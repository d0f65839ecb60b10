// What a schema says of arguments for certain: what it does not say for certain is never held against a rule.
import { describe, expect, test } from "vitest";
import { parsePath } from "../../src/expression/path.ts";
import { askedOf, mayBe, shapeAt, shapeOfPrompt, shapeOfSchema } from "../../src/mcp/argument-shape.ts";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";

const A = { properties: { a: { type: "string" } } };
const B = { properties: { b: { type: "number" } } };
const CLOSED = { additionalProperties: false };

describe("an argument", () => {
  test.each<readonly [string, JsonObject, string, boolean]>([
    ["that is declared is there", A, "a", true],
    ["that is not declared is missing, also where the schema says nothing of others", A, "x", false],
    ["may be there when others are let in", { ...A, additionalProperties: true }, "x", true],
    ["may be there when others of a kind are let in", { ...A, additionalProperties: { type: "string" } }, "x", true],
    ["may be there when no name is declared", { type: "object" }, "x", true],
    ["is missing when none is declared and others are kept out", { type: "object", ...CLOSED }, "x", false],
    ["is missing when the declared ones are none", { type: "object", properties: {} }, "x", false],
    ["may be there by a pattern", { ...A, patternProperties: { "^x": {} } }, "x", true],
    ["may be there by a condition", { ...A, if: { required: ["a"] }, else: B }, "b", true],
    ["may be in any of several", { anyOf: [A, B] }, "b", true],
    ["is in none of several", { oneOf: [A, B] }, "x", false],
    ["may be in one of several that says nothing", { anyOf: [A, {}] }, "x", true],
    ["is in all that is put together", { allOf: [A, B] }, "b", true],
    ["is missing in all that is put together", { ...A, allOf: [B] }, "x", false],
    ["is missing though some must be there", { ...A, anyOf: [{ required: ["a"] }, { required: ["b"] }] }, "x", false],
    ["is found by reference", { $defs: { args: A }, $ref: "#/$defs/args" }, "a", true],
    ["is missing by reference", { $defs: { args: A }, $ref: "#/$defs/args" }, "x", false],
    ["may be there when the reference leads out", { ...A, allOf: [{ $ref: "https://x.example/y.json" }] }, "a", true],
    ["inside of another is there", { properties: { o: A } }, "o.a", true],
    ["inside of another is missing", { properties: { o: A } }, "o.x", false],
    ["inside of a text is missing", A, "a.x", false],
    ["inside of what is not known may be there", { properties: { o: {} } }, "o.x", true],
    ["inside of what may be null is there", { properties: { o: { anyOf: [A, { type: "null" }] } } }, "o.a", true],
    [
      "inside of what may be null is missing",
      { properties: { o: { anyOf: [{ type: "object", ...A }, { type: "null" }] } } },
      "o.x",
      false,
    ],
    ["of each entry is there", { properties: { l: { type: "array", items: A } } }, "l[*].a", true],
    ["of each entry is missing", { properties: { l: { type: "array", items: A } } }, "l[0].x", false],
    ["with an index is no text", A, "a[0]", false],
    ["of entries that nothing is said of may be there", { properties: { l: { type: "array" } } }, "l[0].x", true],
    [
      "of entries of one of several may be there",
      { properties: { l: { anyOf: [{ type: "array", items: A }, {}] } } },
      "l[0].x",
      true,
    ],
  ])("%s", (_, schema, path, isThere) => {
    expect(shapeAt(shapeOfSchema(schema), parsePath(path).steps).kind).toBe(isThere ? "shape" : "missing");
  });

  test("of a schema that refers to itself is found as deep as it is asked for, and not looked for without end", () => {
    const schema = { $ref: "#/$defs/tree", $defs: { tree: { properties: { next: { $ref: "#/$defs/tree" } } } } };
    expect(shapeAt(shapeOfSchema(schema), parsePath("next.next.next").steps).kind).toBe("shape");
    expect(shapeAt(shapeOfSchema(schema), parsePath("next.nxt").steps).kind).toBe("missing");
  });

  test("of a prompt is there when it is listed", () => {
    const shape = shapeOfPrompt({ name: "p", arguments: [{ name: "a" }] });
    expect(["a", "x"].map((name) => shapeAt(shape, parsePath(name).steps).kind)).toStrictEqual(["shape", "missing"]);
    expect(shapeAt(shapeOfPrompt({ name: "p" }), parsePath("a").steps).kind).toBe("missing");
  });
});

describe("a value", () => {
  test.each<readonly [JsonObject, JsonValue, boolean]>([
    [{ type: "string" }, "x", true],
    [{ type: "string" }, 5, false],
    [{ type: "integer" }, 5, true],
    [{ type: ["string", "null"] }, null, true],
    [{ type: ["string", "null"] }, 5, false],
    [{ enum: ["a", "b"] }, "a", true],
    [{ enum: ["a", "b"] }, "c", false],
    [{ enum: ["a", "b"] }, 5, false],
    [{ const: { a: 1, b: 2 } }, { b: 2, a: 1 }, true],
    [{ type: "string", nullable: true }, null, true],
    [{ anyOf: [{ enum: ["a"] }, { enum: ["b"] }] }, "b", true],
    [{ anyOf: [{ enum: ["a"] }, { enum: ["b"] }] }, "c", false],
    [{ anyOf: [{ enum: ["a"] }, { type: "string" }] }, "c", true],
    [{ type: "string", allOf: [{ enum: ["a"] }] }, "b", false],
    [{ type: "unheard-of" }, 5, true],
    [{}, 5, true],
  ])("of %j may be %j: %s", (schema, value, expected) => {
    expect(mayBe(shapeOfSchema(schema), value)).toBe(expected);
  });

  test("of an argument that several know is what one of them takes", () => {
    const shape = shapeOfSchema({ anyOf: [A, { properties: { a: { type: "number" } } }] });
    const found = shapeAt(shape, parsePath("a").steps);
    expect(["x", 5, true].map((value) => found.kind === "shape" && mayBe(found.shape, value))).toStrictEqual([
      true,
      true,
      false,
    ]);
  });

  test("of a list is asked of its entries", () => {
    const asked = askedOf(shapeOfSchema({ type: "array", items: { type: "array", items: { type: "number" } } }));
    expect([mayBe(asked, 5), mayBe(asked, "x")]).toStrictEqual([true, false]);
    expect(mayBe(askedOf(shapeOfSchema({ type: ["array", "string"], items: { type: "number" } })), true)).toBe(true);
  });
});
