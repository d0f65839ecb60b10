// The same value gives the same text, and another value another one.
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalText } from "../../src/message/canonical.ts";
import { sortedJson } from "../../src/mcp/sorted-json.ts";
import type { JsonValue } from "../../src/mcp/json.ts";

function textOf(json: string, leavesOut?: (path: readonly string[]) => boolean): string {
  const bytes = Buffer.from(json);
  return canonicalText(bytes, { start: 0, end: bytes.length }, leavesOut);
}

test.each([
  ["{}", "{}"],
  ['{ "b" : 1 , "a" : [ true , null ] }', '{"a":[true,null],"b":1}'],
  [String.raw`{"\u0061":"\u0062\/"}`, '{"a":"b/"}'],
  ["[1.0, 1e400, 9007199254740993]", "[1.0,1e400,9007199254740993]"],
  ['"\u{1f600}"', '"\u{1f600}"'],
])("%s", (json, text) => expect(textOf(json)).toBe(text));

test("what is left out is as if it were not there, with whatever held nothing else", () => {
  const leavesOut = (path: readonly string[]): boolean => path.join(".") === "a.b" || path.join(".") === "d";
  expect(textOf('{"a":{"b":1},"c":{},"d":2}', leavesOut)).toBe('{"c":{}}');
  expect(textOf('{"a":{"b":1,"e":3}}', leavesOut)).toBe('{"a":{"e":3}}');
  expect(textOf('{"d":2}', leavesOut)).toBe("{}");
});

test("what JSON.stringify has written gives what sorted JSON gives", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      expect(textOf(json)).toBe(sortedJson(JSON.parse(json) as JsonValue));
    }),
    { numRuns: 1000 },
  );
});
