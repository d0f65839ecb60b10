// `redact` is a promise: what the pattern finds is in no text, key, number, JSON in a text or textual blob that goes out.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, type Pattern } from "../../../src/expression/pattern.ts";
import { isFoundAgain, redactText, redactValue } from "../../../src/expression/masking/redact.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";

function regex(source: string, flags = ""): Pattern {
  return compilePattern([{ kind: "regex", source, flags }]);
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

const key = regex("AKIA[0-9A-Z]{4}");

describe("what is found is replaced", () => {
  test.each<[string, JsonValue, JsonValue]>([
    ["in a text", "a AKIA1234 b", "a *** b"],
    ["in texts deep down", { a: [{ b: "AKIA1234" }, "x"] }, { a: [{ b: "***" }, "x"] }],
    ["in a key", { AKIA1234: 1, b: 2 }, { "***": 1, b: 2 }],
    ["in JSON in a text", String.raw`{"k":"AK\u0049A1234","n":1.50}`, `{"k":"***","n":1.50}`],
    ["in a key of JSON in a text", String.raw`{"AK\u0049A1234": [1]}`, `{"***": [1]}`],
    ["in JSON in JSON", JSON.stringify({ a: JSON.stringify({ b: "AKIA1234" }) }), String.raw`{"a":"{\"b\":\"***\"}"}`],
    ["in a text that is a JSON string", String.raw`"AK\u0049A1234"`, '"***"'],
    ["twice under one key", String.raw`{"k":"AK\u0049A1234","k":"AK\u0049A1234"}`, '{"k":"***","k":"***"}'],
    [
      "in a textual blob",
      { uri: "x", mimeType: "text/plain", blob: base64("é AKIA1234") },
      { uri: "x", mimeType: "text/plain", blob: base64("é ***") },
    ],
    [
      "in a blob in lines",
      { mimeType: "text/plain", blob: `${base64("AKIA1234").slice(0, 5)}\r\n${base64("AKIA1234").slice(5)}\n` },
      { mimeType: "text/plain", blob: base64("***") },
    ],
    [
      "in a blob of text in another encoding",
      { mimeType: "text/plain; charset=latin1", blob: Buffer.from("é AKIA1234", "latin1").toString("base64") },
      { mimeType: "text/plain; charset=latin1", blob: Buffer.from("é ***", "latin1").toString("base64") },
    ],
    ["in a blob of no type", { blob: base64("AKIA1234") }, { blob: base64("***") }],
    ["in JSON in a blob", { blob: base64(String.raw`{"a":"AK\u0049A1234"}`) }, { blob: base64('{"a":"***"}') }],
    ["in a blob in JSON", JSON.stringify({ blob: base64("AKIA1234") }), JSON.stringify({ blob: base64("***") })],
    ["in the base64 itself", { blob: "AKIA1234" }, { blob: "***" }],
  ])("%s", (_, value, masked) => {
    expect(redactValue(value, key, "***")).toEqual({ value: masked, changed: true, blocked: false });
  });

  test.each<[string, Pattern, JsonValue, JsonValue]>([
    ["a number", regex(String.raw`\d{16}`), { card: 4111111111111111 }, { card: "***" }],
    ["a part of a number", regex("11+"), 4112, "4***2"],
    ["a number by its literal", compilePattern([{ kind: "literal", value: 42 }]), [42, "x42", 7], ["***", "x***", 7]],
    ["a number whose digits are lost", regex(String.raw`\d{30}`), [12345678901234567000, 5], ["***", 5]],
    ["a fraction whose digits may be lost", regex("777"), 0.12345678901234568, "***"],
    ["a glob as the text it is", compilePattern([{ kind: "glob", text: "a*b" }]), ["a*b", "axb"], ["***", "axb"]],
    ["anchored in JSON in a text", regex("^secret$"), '["secret","not secret"]', '["***","not secret"]'],
  ])("%s", (_, pattern, value, masked) => {
    expect(redactValue(value, pattern, "***")).toEqual({ value: masked, changed: true, blocked: false });
  });

  test("groups may be kept", () => {
    const pattern = regex("ghp_[a-z]{4}([a-z]{4})");
    expect(redactValue("ghp_abcdefgh!", pattern, "****$1").value).toBe("****efgh!");
  });

  test("what a replacement uncovers is replaced too", () => {
    expect(redactValue("aabb", regex("ab"), "").value).toBe("");
  });
});

describe("what is not found stays the very same value", () => {
  test.each<[string, JsonValue]>([
    ["texts", { a: ["x", 1, null, true], b: { c: "AKIA" } }],
    ["large numbers that the pattern cannot be part of", { id: 12345678901234567000 }],
    ["pictures", { type: "image", mimeType: "image/png", data: base64("AKIA1234") }],
    ["blobs that are no text", { blob: Buffer.from([0xff, 0xfe, 0]).toString("base64") }],
    ["texts that look like JSON", '{ not JSON "AKIA" }'],
    ["JSON in a text", '{ "a" : 1.50, "b": 12345678901234567890 }'],
  ])("%s", (_, value) => {
    const { value: same, changed, blocked } = redactValue(value, key, "***");
    expect(same).toBe(value);
    expect([changed, blocked]).toEqual([false, false]);
  });

  test("an empty match is none", () => {
    expect(redactValue("abc", regex("x*"), "-")).toEqual({ value: "abc", changed: false, blocked: false });
    expect(redactValue("axc", regex("x*|\\b"), "-").value).toBe("a-c");
  });
});

describe("what cannot be masked is blocked", () => {
  test.each<[string, JsonValue, Pattern, string]>([
    ["two keys that would become one", { AKIA1234: 1, AKIA5678: 2 }, key, "***"],
    ["a replacement that the pattern finds", "AKIA1234", key, "AKIA0000"],
    ["what grows back", "ab", regex("ab"), "aabb"],
    ["what would take too long", "a".repeat(100_000), regex("(?:[a-z]|[0-9])+!|a"), "***"],
  ])("%s", (_, value, pattern, as) => {
    expect(redactValue(value, pattern, as).blocked).toBe(true);
  });

  test("JSON in texts in texts beyond what is looked into", () => {
    let nested = JSON.stringify(["AK\u0049A1234"]);
    for (let layer = 0; layer < 6; layer += 1) nested = JSON.stringify([nested]);
    expect(redactValue(nested, regex("zzz"), "***").blocked).toBe(true);
  });

  test("a text for people is then gone whole", () => {
    expect(redactText("key AKIA1234", key, "AKIA0000")).toBe("***");
    expect(redactText("key AKIA1234", key, "***")).toBe("key ***");
    expect(redactText("no key", key, "***")).toBe("no key");
  });

  test("and it can be known beforehand", () => {
    expect(isFoundAgain(key, "AKIA0000")).toBe(true);
    expect(isFoundAgain(key, "****$1")).toBe(false);
  });
});

const tree = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: fc.constantFrom("a", "b", "1", '"', "\\", "é"), maxLength: 6 }),
    fc.integer({ min: 0, max: 99999 }),
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(fc.string({ unit: fc.constantFrom("a", "b", "1"), maxLength: 3 }), tie("node"), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    tie("node").map((node) => JSON.stringify(node)),
    tie("node").map((node) => ({ blob: base64(JSON.stringify(node)), mimeType: "application/json" })),
  ),
})).node;

test("unless it is blocked, nothing that matches is left, and masking again changes nothing", () => {
  const patterns = [
    regex("ab"),
    regex("1[0-9]"),
    regex("^b$"),
    regex("a(b?)1"),
    compilePattern([{ kind: "glob", text: "a1" }]),
  ];
  fc.assert(
    fc.property(tree, fc.constantFrom(...patterns), fc.constantFrom("***", "<$1>", ""), (value, pattern, as) => {
      const { value: masked, blocked, changed } = redactValue(value, pattern, as);
      if (blocked) return;
      expect(changed).toBe(masked !== value);
      const again = redactValue(masked, pattern, as);
      expect(again).toEqual({ value: masked, changed: false, blocked: false });
      const [part] = pattern.parts;
      const finder = part?.kind === "glob" ? regex(part.text) : pattern;
      expect(finder.isFoundIn(masked)).toBe("no");
    }),
    { numRuns: 3000 },
  );
});
