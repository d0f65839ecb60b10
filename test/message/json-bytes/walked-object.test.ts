// What is remembered of an object that was walked over is what walking over it again finds.
import fc from "fast-check";
import { expect, test } from "vitest";
import { rangeAt } from "../../../src/message/locate.ts";
import { WalkedObject } from "../../../src/message/json-bytes/walked-object.ts";

const KEYS = ["a", "b", "ab", "\u00e9", "\ud83d\ude00", ""];
const spelt = fc.oneof(
  fc.constantFrom(...KEYS).map((key) => JSON.stringify(key)),
  fc.constantFrom('"\\u0061"', '"\\u00e9"', '"\\ud83d\\ude00"', '"a\\u0062"'),
);
const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({ a: { b: 1 } }));
const members = fc.array(fc.tuple(spelt, value), { maxLength: 40 });

test("whatever stands in it, also twice, also more than is remembered", () => {
  fc.assert(
    fc.property(members, (entries) => {
      const bytes = Buffer.from(`{${entries.map(([key, one]) => `${key} : ${JSON.stringify(one)}`).join(", ")}}`);
      const whole = { start: 0, end: bytes.length };
      const walked = new WalkedObject(bytes, 0, bytes.length);
      for (const key of [...KEYS, "c", ...KEYS]) {
        expect(walked.find(key)).toEqual(rangeAt(bytes, whole, [key]));
        expect(rangeAt(bytes, walked, [key, "a", "b"])).toEqual(rangeAt(bytes, whole, [key, "a", "b"]));
      }
    }),
    { numRuns: 1000 },
  );
});
