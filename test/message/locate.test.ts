// Finding a part of a message without parsing it.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entriesOf, hasDuplicateKeys, rangeAt, rawAt, textAt } from "../../src/message/locate.ts";
import { isJsonObject, type JsonValue } from "../../src/mcp/json.ts";
import type { Range } from "../../src/message/json-bytes/range.ts";
import { jsonValueText } from "./json-arbitrary.ts";

function whole(text: string): [Buffer, { start: number; end: number }] {
  const bytes = Buffer.from(text);
  return [bytes, { start: 0, end: bytes.length }];
}

function found(text: string, ...keys: readonly string[]): string | undefined {
  const [bytes, range] = whole(text);
  const at = rangeAt(bytes, range, keys);
  return at && rawAt(bytes, at);
}

describe("rangeAt", () => {
  test.each([
    ['{"a":1}', ["a"], "1"],
    ['{ "a" : { "b" : [ 1 , 2 ] } }', ["a", "b"], "[ 1 , 2 ]"],
    ['{"x":"\\"a\\":1","a":true}', ["a"], "true"],
    ['{"\\u0061":-1.5e3}', ["a"], "-1.5e3"],
    ['{"é":"x"}', ["é"], '"x"'],
    ['{"\\u00e9":"x"}', ["é"], '"x"'],
    ['{"a":1,"b":2,"\\u0061":3}', ["a"], "3"],
    ['{"a":{"b":1},"a":{}}', ["a", "b"], undefined],
    ['{"ab":1}', ["a"], undefined],
    ['{"a":1}', ["ab"], undefined],
    ['{"a":[{"b":1}]}', ["a", "b"], undefined],
    ["{}", ["a"], undefined],
    ["[]", ["a"], undefined],
    ['"a"', ["a"], undefined],
    ['{"a":1}', [], '{"a":1}'],
    ['{"__proto__":{"x":1}}', ["__proto__", "x"], "1"],
    ["{}", ["toString"], undefined],
  ])("%s %j", (text, keys, expected) => {
    expect(found(text, ...keys)).toBe(expected);
  });
});

describe("textAt", () => {
  test.each([
    ['"a"', "a"],
    ['""', ""],
    ['"\\u0061\\n\\"é"', 'a\n"é'],
    ['"\\ud800"', "\ud800"],
    ["1", undefined],
    ["null", undefined],
    ['{"a":1}', undefined],
  ])("%s", (text, expected) => {
    expect(textAt(...whole(text))).toBe(expected);
  });

  test("of nothing, nothing", () => {
    expect(textAt(Buffer.from("{}"), undefined)).toBeUndefined();
  });
});

describe("entriesOf", () => {
  test.each([
    ["[]", []],
    ["[ ]", []],
    ['[1,"a,]",[2,3], {"b":[4]} ]', ["1", '"a,]"', "[2,3]", '{"b":[4]}']],
    ["{}", []],
    ['{"a":1}', []],
    ["7", []],
  ])("%s", (text, expected) => {
    const [bytes, range] = whole(text);
    expect(entriesOf(bytes, range).map((entry) => rawAt(bytes, entry))).toEqual(expected);
  });
});

describe("hasDuplicateKeys", () => {
  test.each([
    ['{"a":1,"b":2}', false],
    ['{"a":1,"a":2}', true],
    ['[{"x":{"a":1,"\\u0061":2}}]', true],
    ['[{"a":1},{"a":2}]', false],
    ['{"a":{"a":1}}', false],
    ["1", false],
  ])("%s: %s", (text, expected) => {
    expect(hasDuplicateKeys(...whole(text))).toBe(expected);
  });
});

test("what is found is what JSON.parse finds", () => {
  fc.assert(
    fc.property(jsonValueText, (text) => {
      const [bytes, range] = whole(text.trim());
      expect(hasDuplicateKeys(bytes, range)).toBe(false);
      expect(rebuilt(bytes, range)).toEqual(JSON.parse(text));
    }),
    { numRuns: 1000 },
  );
});

/** The value put together from what is found, level by level. */
function rebuilt(bytes: Buffer, range: Range): unknown {
  const raw = rawAt(bytes, range);
  if (raw.startsWith('"')) return textAt(bytes, range);
  const value = JSON.parse(raw) as JsonValue;
  if (raw.startsWith("[")) return entriesOf(bytes, range).map((entry) => rebuilt(bytes, entry));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, rebuiltMember(bytes, range, key)]));
}

function rebuiltMember(bytes: Buffer, range: Range, key: string): unknown {
  const member = rangeAt(bytes, range, [key]);
  return member && rebuilt(bytes, member);
}
