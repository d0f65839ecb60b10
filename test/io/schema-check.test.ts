// Whether arguments fit the schema that is advertised, as the engine asks it: dialects, wording, and what cannot be judged.
import { expect, test } from "vitest";
import { schemaCheckFor } from "../../src/io/schema-check.ts";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";

async function checkFor(rule: string) {
  const { policy } = compilePolicy([{ path: "p.mcprules", text: `mcprules 1\ndefault allow\n${rule}` }], { now: 0 });
  if (policy === undefined) throw new Error("the policy is no good");
  return schemaCheckFor(policy);
}

const admits = await checkFor('rule r when tool * set description = "x"');

test.each([
  ["default allow when tool x"],
  ["rule r when tools/call * set limit = 1"],
  ["rule r when tool * block"],
  ["rule r when result of tools/call * redact /x/"],
])("a policy that changes no schema needs no validator: %s", async (rule) => {
  expect(await checkFor(rule)).toBeUndefined();
});

test.each([['rule r when result of tools/list set result.tools[*].title = "x"'], ["rule r when message redact /x/"]])(
  "a policy that may change one has it: %s",
  async (rule) => {
    expect(await checkFor(rule)).toBeDefined();
  },
);

const LIMIT = { type: "object", properties: { limit: { type: "integer", maximum: 50 } }, additionalProperties: false };

test.each<[string, JsonObject, JsonValue, string | undefined]>([
  ["what fits", LIMIT, { limit: 50 }, undefined],
  ["nothing where nothing is required", LIMIT, {}, undefined],
  ["a number too large", LIMIT, { limit: 51 }, "limit must be <= 50"],
  ["a wrong type", LIMIT, { limit: "5" }, "limit must be integer"],
  ["something undeclared", LIMIT, { x: 1 }, "must NOT have additional properties"],
  ["something missing", { required: ["a"] }, {}, "must have required property 'a'"],
  ["deep inside", { properties: { a: { items: { type: "string" } } } }, { a: ["x", 1] }, "a.1 must be string"],
  ["a prototype is no value", { required: ["constructor"] }, {}, "must have required property 'constructor'"],
  [
    "draft 7",
    { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }] },
    [1],
    "0 must be string",
  ],
  [
    "2020-12",
    { $schema: "https://json-schema.org/draft/2020-12/schema", prefixItems: [{ type: "string" }] },
    [1],
    "0 must be string",
  ],
  [
    "2019-09",
    { $schema: "https://json-schema.org/draft/2019-09/schema", dependentRequired: { a: ["b"] } },
    { a: 1 },
    "must have property b when property a is present",
  ],
  [
    "one of two patterns",
    { properties: { a: { pattern: "^a" }, b: { pattern: "^b" } } },
    { a: "a", b: "a" },
    'b must match pattern "^b"',
  ],
  ["formats are notes", { properties: { a: { type: "string", format: "uri" } } }, { a: "no uri" }, undefined],
  ["unknown keywords are notes", { "x-mcp-header": "A", wording: 3 }, {}, undefined],
])("%s", (_what, schema, value, misfit) => {
  expect(admits?.(schema, value)).toBe(misfit);
});

test.each<[string, JsonObject]>([
  ["an unknown dialect", { $schema: "https://example.com/my-schema" }],
  ["a reference to elsewhere", { $ref: "https://example.com/schema.json" }],
  ["no schema at all", { type: "sideways" }],
  ["a pattern that no linear engine can run", { properties: { a: { type: "string", pattern: "(?=x)" } } }],
])("%s cannot be judged, so nothing fits", (_what, schema) => {
  expect(admits?.(schema, { a: "x" })).toMatch(/schema/);
});

test("a pattern that would take for ever takes no time", () => {
  const schema = { properties: { a: { type: "string", pattern: "^(a+)+$" } } };
  const started = performance.now();
  expect(admits?.(schema, { a: `${"a".repeat(50_000)}!` })).toContain("must match pattern");
  expect(performance.now() - started).toBeLessThan(1000);
});
