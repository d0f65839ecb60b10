// Lists and objects that a client sends as texts: rules see them as the server will, or the call is refused.
import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Decision } from "../../src/engine/decision.ts";
import { BLOCKED } from "../../src/mcp/errors.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";
import { decided, LOOKS, thing } from "./packed-tool.ts";

function sent(args: JsonValue): JsonValue {
  return { params: { name: "t", arguments: args } };
}

describe("what a text holds is what rules see, and what is sent", () => {
  it.each<readonly [string, JsonValue, JsonValue]>([
    ["a list", { files: '["a", "b"]' }, { files: ["a", "b"] }],
    ["an object, as a reference says", { filter: ' {"amount": 5}\n' }, { filter: { amount: 5 } }],
    [
      "numbers",
      { filter: '{"amount": 0.1, "b": -2.50e3, "c": 9007199254740991, "d": "1e400"}' },
      { filter: { amount: 0.1, b: -2500, c: 9007199254740991, d: "1e400" } },
    ],
    ["null", { maybe: " null " }, { maybe: null }],
    [
      "numbers as JavaScript writes them",
      { files: "[52.520006599999995, 0.30000000000000004, 1e21, -0]" },
      { files: [52.520006599999995, 0.30000000000000004, 1e21, -0] },
    ],
    ["a text of ten million characters", { files: JSON.stringify(["a".repeat(1e7)]) }, { files: ["a".repeat(1e7)] }],
    ["a list that may be null", { maybe: '[{"a": null}]' }, { maybe: [{ a: null }] }],
    ["one of several", { note: "[]", files: "[]", any: "{}" }, { note: "[]", files: [], any: "{}" }],
    ["a key that stands twice: the last", { filter: '{"amount": 1, "amount": 2}' }, { filter: { amount: 2 } }],
  ])("%s", (_, args, expected) => {
    const { verdict, content, changed, record } = decided(LOOKS, args);
    expect([verdict, content, changed]).toEqual(["allow", sent(expected), true]);
    expect(record.unpacked).toHaveLength(1);
  });

  it.each<readonly [string, string, JsonValue]>([
    ["a list of paths", 'rule r when tools/call t with files "/etc/**" block', { files: '["/etc/passwd"]' }],
    ["escapes", "rule r when tools/call t with files[*] *secret* block", { files: String.raw`["\u0073ecret"]` }],
    ["escapes anywhere", "rule r when tools/call t containing secret block", { files: String.raw`["\u0073ecret"]` }],
    ["an amount", "rule r when tools/call t with filter.amount > 10 block", { filter: '{"amount": 50}' }],
    ["an expression", "rule r when tools/call t where ($exists(filter.amount)) block", { filter: '{"amount": 50}' }],
  ])("a block holds: %s", (_, rule, args) => {
    expect(decided(rule, args)).toMatchObject({ verdict: "block", rule: "r" });
  });

  it("is taken out of what a rule wrote, before the next rule", () => {
    const policy = `rule w when tools/call t set files = params.arguments.note
      rule x when tools/call t set files[1] = "b"
      rule r when tools/call t with files secret block`;
    expect(decided(policy, { note: String.raw`["\u0073ecret"]` }).verdict).toBe("block");
    expect(decided(policy, { note: '["a"]' }).content).toEqual(sent({ note: '["a"]', files: ["a", "b"] }));
  });

  it("is changed by transforms", () => {
    const { content } = decided('rule r when tools/call t remove filter.amount set files[*] = "x"', {
      filter: '{"amount": 50, "by": "ann"}',
      files: '["a"]',
    });
    expect(content).toEqual(sent({ filter: { by: "ann" }, files: ["x"] }));
  });
});

describe("nothing is taken out", () => {
  it.each<readonly [string, JsonValue]>([
    ["where a text is meant", { note: '["a"]' }],
    ["where a text may be meant", { either: '["a"]' }],
    ["where anything may be meant", { any: '{"a": 1}' }],
    ["where neither a list nor an object is meant", { count: "[1]" }],
    ["of arguments that the tool does not know", { other: "[1]" }],
    ["of an empty list that stands for no arguments", []],
    ["of what is no JSON by its beginning", { files: "a, b", filter: "5", maybe: '"[]"' }],
    ["of what comes as it is meant", { files: ["[1]"], filter: { amount: "[1]" } }],
  ])("%s", (_, args) => {
    const { verdict, changed, record } = decided(LOOKS, args);
    expect([verdict, changed, record.unpacked]).toEqual(["allow", false, undefined]);
  });
});

describe("what cannot be taken out exactly is refused", () => {
  it.each<readonly [string, JsonValue, string]>([
    [
      "what Python reads and JSON does not know",
      { files: '[NaN, "/etc/passwd"]' },
      "`files` is a text where a list is meant, and cannot be sent as one exactly as it stands",
    ],
    [
      "a literal of Python's",
      { files: "['/etc/passwd']" },
      "`files` is a text where a list is meant, and cannot be sent as one exactly as it stands",
    ],
    [
      "a number that would be another one",
      { files: "[12345678901234567890]" },
      "`files` is a text where a list is meant, and cannot be sent as one exactly as it stands",
    ],
    [
      "a number that is none here",
      { files: "[1e400]" },
      "`files` is a text where a list is meant, and cannot be sent as one exactly as it stands",
    ],
    [
      "a number of too many digits",
      { files: "[4503599627370497.3]" },
      "`files` is a text where a list is meant, and cannot be sent as one exactly as it stands",
    ],
    ["all of them", '{"files": ["/etc/passwd"]}', "they are no object"],
    ["all of them in a list", [{ files: "[]" }], "they are no object"],
    [
      "an object where a list is meant",
      { files: '{"0": "a"}' },
      "`files` is a text where a list is meant, and cannot be sent as one exactly as it stands",
    ],
    [
      "a list where an object is meant",
      { filter: "[]" },
      "`filter` is a text where an object is meant, and cannot be sent as one exactly as it stands",
    ],
    [
      "behind blanks of other languages",
      { files: "\u00a0\ufeff[1]" },
      "`files` is a text where a list is meant, and cannot be sent as one exactly as it stands",
    ],
    ["what is too deep", { files: "[".repeat(600) + "]".repeat(600) }, "`files` holds JSON that is nested too deep"],
    ["what is far too deep", { files: "[".repeat(200_000) }, "`files` holds JSON that is nested too deep"],
  ])("%s", (_, args, misfit) => {
    expect(decided(LOOKS, args)).toMatchObject({
      verdict: "block",
      code: BLOCKED,
      reason: `The arguments do not fit: ${misfit}`,
    });
  });
});

test("a schema that goes round in circles is read as far as it is worth", () => {
  const names = Array.from({ length: 20 }, (_, at) => `p${at}`);
  const node: JsonObject = {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { $ref: "#/$defs/N" }])),
  };
  const schema: JsonObject = {
    type: "object",
    properties: { root: { $ref: "#/$defs/N" }, files: { type: "array" } },
    $defs: { N: node },
  };
  const started = performance.now();
  expect(
    decided("rule r when tools/call t with files secret block", { files: '["secret"]' }, thing(schema)).verdict,
  ).toBe("block");
  expect(performance.now() - started).toBeLessThan(2000);
});

test("an argument called `__proto__` is one like any other", () => {
  const properties = JSON.parse('{"__proto__": {"type": "array", "items": {}}}') as JsonObject;
  const args = JSON.parse('{"__proto__": "[1]"}') as JsonObject;
  const { content } = decided(LOOKS, args, thing({ type: "object", properties }));
  expect(JSON.stringify(content)).toBe('{"params":{"name":"t","arguments":{"__proto__":[1]}}}');
});

test("the law: packed or not, a call is decided alike", () => {
  const policy = `rule a when tools/call t with files *x* block
    rule b when tools/call t with filter.amount > 1 block
    rule c when tools/call t remove maybe[*].a
    rule d when tools/call t containing why block`;
  const scalar = fc.constantFrom<JsonValue>("x", "y", "why", 1, 2, null);
  const object = fc.dictionary(fc.constantFrom("a", "amount"), scalar, { noNullPrototype: true });
  const args = fc.record(
    { files: fc.array(scalar, { maxLength: 3 }), filter: object, maybe: fc.array(object, { maxLength: 2 }) },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(args, (given) => {
      expect(outcomeOf(decided(policy, packedIn(given)))).toEqual(outcomeOf(decided(policy, given)));
    }),
  );
});

/** What is sent, where something is. */
function outcomeOf({ verdict, rule, content }: Decision): readonly unknown[] {
  return [verdict, rule, verdict === "allow" ? content : undefined];
}

function packedIn(given: JsonObject): JsonObject {
  const packed = Object.entries(given).map(([name, value]): readonly [string, JsonValue] => [
    name,
    isJsonArray(value) || isJsonObject(value) ? JSON.stringify(value) : value,
  ]);
  return Object.fromEntries(packed);
}
