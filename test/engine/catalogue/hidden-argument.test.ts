// A supplied argument is gone from the schema, however the schema is put together.
import { describe, expect, it } from "vitest";
import { withoutArgument } from "../../../src/engine/catalogue/hidden-argument.ts";
import { parsePath } from "../../../src/expression/path.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";

const BOTH: JsonObject = { properties: { q: {}, tenant: {} }, required: ["q", "tenant"] };
const ONE: JsonObject = { properties: { q: {} }, required: ["q"] };

describe("a schema without an argument", () => {
  it.each<readonly [string, JsonObject, JsonObject]>([
    ["at its top", { type: "object", ...BOTH }, { type: "object", ...ONE }],
    ["that it never had", ONE, ONE],
    [
      "in what it is put together of",
      { allOf: [BOTH], anyOf: [BOTH, true], if: BOTH },
      { allOf: [ONE], anyOf: [ONE, true], if: ONE },
    ],
    [
      "in what it refers to",
      { $ref: "#/$defs/a~1b", $defs: { "a/b": BOTH } },
      { $defs: { "a/b": BOTH }, allOf: [ONE] },
    ],
    [
      "in what depends on it",
      { dependentRequired: { q: ["tenant", "z"], tenant: ["q"] } },
      { dependentRequired: { q: ["z"] } },
    ],
    ["and not where another value is meant", { properties: { inner: BOTH } }, { properties: { inner: BOTH } }],
  ])("%s", (_, schema, expected) => {
    expect(withoutArgument(schema, parsePath("tenant").steps)).toEqual(expected);
  });

  it("inside another", () => {
    const schema = { properties: { filter: BOTH, tenant: {} } };
    expect(withoutArgument(schema, parsePath("filter.tenant").steps)).toEqual({
      properties: { filter: ONE, tenant: {} },
    });
  });

  it("ends where references go round", () => {
    const schema = { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a", ...BOTH } } };
    expect(JSON.stringify(withoutArgument(schema, parsePath("tenant").steps)["allOf"])).not.toContain(
      'required":["q","tenant"',
    );
  });
});
