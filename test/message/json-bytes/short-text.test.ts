// Short texts are what decoding the bytes gives, however often and beside whatever else they came before.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digitsText, plainText } from "../../../src/message/json-bytes/short-text.ts";

const around = fc.tuple(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }));

/** What `read` finds where `text` stands between other things. */
function between(
  read: typeof plainText,
  text: string,
  [before, behind]: readonly [string, string],
): string | undefined {
  const start = Buffer.byteLength(before);
  return read(Buffer.from(before + text + behind), start, start + Buffer.byteLength(text));
}

describe("digits", () => {
  test("any number of up to twelve", () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(digits, around, (numbers, beside) => {
        expect(between(digitsText, numbers.join(""), beside)).toBe(numbers.join(""));
      }),
      { numRuns: 2000 },
    );
  });

  test.each(["-1", "1.0", "1e3", '"1"', "12a4", "a234", "123a", "1234567890123", "1:", "/1"])(
    "%s is something else",
    (text) => {
      expect(between(digitsText, text, ["", ""])).toBeUndefined();
    },
  );
});

describe("plain texts", () => {
  const few = fc.string({ unit: fc.constantFrom("a", "b", "/", " "), maxLength: 6 });

  test("whatever came before at the same place", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(few, fc.string({ maxLength: 64 })), around), { maxLength: 50 }), (all) => {
        for (const [text, beside] of all) {
          const isPlain = text.length <= 64 && /^[\0-\x5b\x5d-\x7f]*$/.test(text);
          expect(between(plainText, text, beside)).toBe(isPlain ? text : undefined);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("two that come to the same place take turns", () => {
    // 31 * 1 + 32 = 31 * 2 + 1: their hashes are equal.
    const [one, other] = ["\u0001\u0020", "\u0002\u0001"];
    for (const text of [one, other, one, one, other]) expect(between(plainText, text, ["", ""])).toBe(text);
  });

  test.each(["a\\u0062", "\u00e9", "\ud83d\ude00", "a".repeat(65)])("%s is none", (text) => {
    expect(between(plainText, text, ["", ""])).toBeUndefined();
  });
});
