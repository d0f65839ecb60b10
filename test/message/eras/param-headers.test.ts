// Arguments that stand in headers too: what a schema may ask for, what is said, and what is found out.
import { describe, expect, test } from "vitest";
import {
  paramHeaderFault,
  paramHeaders,
  readParamHeaders,
  type ParamHeader,
} from "../../../src/message/eras/param-headers.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";

const marked = (header: JsonValue, type: JsonValue = "string"): JsonObject => ({ type, "x-mcp-header": header });
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: "object", properties, ...more });

function declared(schema: JsonValue): readonly ParamHeader[] {
  const read = readParamHeaders(schema);
  if (read.kind === "invalid") throw new Error(read.reason);
  return read.headers;
}

describe("a schema", () => {
  test.each([
    ["without any", object({ a: { type: "string" } }), []],
    ["that is none", undefined, []],
    ["with one", object({ region: marked("Region") }), [["mcp-param-region", "region"]]],
    ["with one further in", object({ a: object({ b: marked("B", "integer") }) }), [["mcp-param-b", "a.b"]]],
    ["whose argument is called so", object({ "x-mcp-header": { type: "string" } }), []],
    ["whose default looks so", object({ a: { type: "object", default: { "x-mcp-header": "" } } }), []],
  ])("%s", (_, schema, expected) => {
    const read = readParamHeaders(schema);
    expect(read.kind === "declared" && read.headers.map(({ name, at }) => [name, at.join(".")])).toEqual(expected);
  });

  test.each([
    ["empty", object({ a: marked("") }), "cannot be the name of a header"],
    ["no text", object({ a: marked(7) }), "cannot be the name of a header"],
    ["with a space", object({ a: marked("My Region") }), "cannot be the name of a header"],
    ["with a colon", object({ a: marked("a:b") }), "cannot be the name of a header"],
    ["with a line end", object({ a: marked("a\r\nb") }), "cannot be the name of a header"],
    ["beyond ASCII", object({ a: marked("ä") }), "cannot be the name of a header"],
    ["of a number", object({ a: marked("A", "number") }), "no string, integer or boolean"],
    ["of an object", object({ a: marked("A", "object") }), "no string, integer or boolean"],
    ["of several types", object({ a: marked("A", ["string", "null"]) }), "no string, integer or boolean"],
    ["without a type", object({ a: { "x-mcp-header": "A" } }), "no string, integer or boolean"],
    ["twice", object({ a: marked("Region"), b: object({ c: marked("REGION") }) }), "stands there twice"],
    ["at the root", object({}, { "x-mcp-header": "A" }), "no chain of `properties` leads to"],
    ["in items", object({ a: { type: "array", items: marked("A") } }), "no chain of `properties` leads to"],
    ["in what items have", object({ a: { items: object({ b: marked("A") }) } }), "no chain of `properties` leads to"],
    ["in prefixItems", object({ a: { prefixItems: [marked("A")] } }), "no chain of `properties` leads to"],
    ["in a choice", object({}, { oneOf: [object({ a: marked("A") })] }), "no chain of `properties` leads to"],
    ["in a condition", object({}, { else: object({ a: marked("A") }) }), "no chain of `properties` leads to"],
    ["in a definition", object({}, { $defs: { d: marked("A") } }), "no chain of `properties` leads to"],
    ["in other properties", object({}, { additionalProperties: marked("A") }), "no chain of `properties` leads to"],
  ])("with one that is %s is refused", (_, schema, reason) => {
    expect(readParamHeaders(schema)).toEqual({ kind: "invalid", reason: expect.stringContaining(reason) as string });
  });
});

describe("arguments", () => {
  const headers = declared(
    object({ text: marked("Text"), count: marked("Count", "integer"), sure: marked("Sure", "boolean") }),
  );

  test.each([
    ["are said", { text: "a", count: 42, sure: false }, { text: "a", count: "42", sure: "false" }],
    ["beyond ASCII are disguised", { text: "ü" }, { text: "=?base64?w7w=?=" }],
    ["that are null or missing are not said", { text: null }, {}],
    ["that no header can say are not said", { text: ["a"], count: 2 ** 60, sure: {} }, {}],
    ["that are none", undefined, {}],
    ["that are inherited are not said", Object.create({ text: "a" }) as JsonObject, {}],
  ])("%s", (_, args, expected) => {
    const names = Object.fromEntries(Object.entries(expected).map(([name, value]) => [`mcp-param-${name}`, value]));
    expect(paramHeaders(headers, args)).toEqual(names);
    expect(paramHeaderFault(headers, args, names)).toBeUndefined();
  });

  test.each([
    ["a header is missing", { text: "a" }, {}, "is missing"],
    ["it says something else", { text: "a" }, { "mcp-param-text": "b" }, "do not say the same"],
    ["it says so in another case", { text: "a" }, { "mcp-param-text": "A" }, "do not say the same"],
    ["it is no base64", { text: "Hello" }, { "mcp-param-text": "=?base64?SGVsbG8?=" }, "holds no text"],
    ["it is another number", { count: 42 }, { "mcp-param-count": "42.5" }, "do not say the same"],
    ["it is no number", { count: 0 }, { "mcp-param-count": "" }, "do not say the same"],
    ["it is the number in another form", { count: 42 }, { "mcp-param-count": "42.0" }, undefined],
    ["it is disguised without need", { text: "Hello" }, { "mcp-param-text": "=?base64?SGVsbG8=?=" }, undefined],
    ["nothing is said, and a header there", { text: null }, { "mcp-param-text": "x" }, undefined],
    ["a header that nothing declares", {}, { "mcp-param-other": "x" }, undefined],
  ])("%s", (_, args, given, fault) => {
    const found = paramHeaderFault(headers, args, given);
    expect(found?.includes(fault ?? "?")).toBe(fault === undefined ? undefined : true);
  });
});
