// The law of shapes: what a schema admits is never held to be impossible, by whatever way the schema says it.
import { Ajv2020 } from "ajv/dist/2020.js";
import {
  anything,
  array,
  assert,
  constant,
  constantFrom,
  dictionary,
  jsonValue,
  letrec,
  oneof,
  property,
  record,
} from "fast-check";
import { expect, test } from "vitest";
import type { Step } from "../../src/expression/path.ts";
import { askedOf, mayBe, shapeAt, shapeOfSchema, type Shape } from "../../src/mcp/argument-shape.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";

const KEY = constantFrom("a", "b");
const SCALAR = constantFrom<JsonValue>("x", "y", 1, 2, true, null);

const { value } = letrec<{ value: JsonValue }>((tie) => ({
  value: oneof(
    { depthSize: "small", withCrossShrink: true },
    SCALAR,
    array(tie("value"), { maxLength: 2 }),
    dictionary(KEY, tie("value"), { maxKeys: 2 }),
  ),
}));

/** Objects let nothing in that they do not name: then whatever is admitted has to be known. */
const { schema } = letrec<{ schema: JsonObject }>((tie) => ({
  schema: oneof(
    { depthSize: "small", withCrossShrink: true },
    constant<JsonObject>({}),
    constantFrom("string", "number", "integer", "boolean", "null", "array", "object").map((type) => ({ type })),
    array(constantFrom("string", "number", "null", "object"), { minLength: 1, maxLength: 3 }).map((type) => ({
      type: [...new Set(type)],
    })),
    array(SCALAR, { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
    SCALAR.map((only) => ({ const: only })),
    dictionary(KEY, tie("schema"), { maxKeys: 2 }).map((properties) => ({
      type: "object",
      properties,
      additionalProperties: false,
    })),
    tie("schema").map((items) => ({ type: "array", items })),
    array(tie("schema"), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    array(tie("schema"), { minLength: 1, maxLength: 2 }).map((oneOf) => ({ oneOf })),
    array(tie("schema"), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
    tie("schema").map((inner) => ({ $defs: { inner }, allOf: [{ $ref: "#/$defs/inner" }] })),
    record({ type: constant("object"), if: tie("schema"), else: tie("schema") }),
    tie("schema").map((not) => ({ not })),
  ),
}));

const ajv = new Ajv2020({ strict: false, addUsedSchema: false });

/** References lead from the top, so only there do they lead where they should. */
function withRootOnly(generated: JsonObject): boolean {
  return !JSON.stringify(Object.values(generated)).includes("$defs");
}

test("what a schema admits is there, and may be what it is, all the way down", () => {
  let admitted = 0;
  assert(
    property(schema.filter(withRootOnly), value, (generated, candidate) => {
      const isAdmitted = ajv.validate(generated, candidate);
      if (isAdmitted) admitted += 1;
      expect(isAdmitted ? faultsOf(shapeOfSchema(generated), candidate, []) : []).toStrictEqual([]);
    }),
    { numRuns: 2000 },
  );
  expect(admitted).toBeGreaterThan(200);
});

/** Places in an admitted value that are held to be impossible. */
function faultsOf(root: Shape, at: JsonValue, steps: readonly Step[]): readonly string[] {
  const found = shapeAt(root, steps);
  if (found.kind === "missing" || !mayBe(found.shape, at)) return [JSON.stringify({ steps, at })];
  if (isJsonArray(at)) {
    const asked = at.filter((entry) => !isJsonArray(entry) && !mayBe(askedOf(found.shape), entry));
    const inside = at.flatMap((entry, index) => faultsOf(root, entry, [...steps, { kind: "index", index }]));
    return [...asked.map((entry) => `asked of ${JSON.stringify(entry)}`), ...inside];
  }
  if (!isJsonObject(at)) return [];
  return Object.entries(at).flatMap(([key, member]) => faultsOf(root, member, [...steps, { kind: "member", key }]));
}

test("whatever stands in the place of a schema is read to its end", () => {
  assert(
    property(
      oneof(
        jsonValue(),
        dictionary(constantFrom("properties", "anyOf", "$ref", "items", "type", "enum", "const"), anything()),
      ),
      (any) => {
        const schemaLike = JSON.parse(JSON.stringify([any]).slice(1, -1)) as JsonValue;
        expect(shapeAt(shapeOfSchema(schemaLike), [{ kind: "member", key: "a" }]).kind).toMatch(/shape|missing/);
      },
    ),
    { numRuns: 2000 },
  );
});
