// Other bytes in the place of some, and nothing else touched.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splice, type Edit } from "../../../src/message/edits/splice.ts";
import { joined } from "../messages.ts";

const edit = (start: number, end: number, text: string | Buffer): Edit => ({ range: { start, end }, text });

describe("splice", () => {
  test.each([
    ["nothing", [], "0123456789"],
    ["one", [edit(2, 4, "xyz")], "01xyz456789"],
    ["at the edges", [edit(0, 1, "a"), edit(9, 10, "b")], "a12345678b"],
    ["in any order", [edit(5, 6, "b"), edit(1, 2, "a")], "0a234b6789"],
    ["taking out", [edit(3, 7, "")], "012789"],
    ["putting in", [edit(3, 3, "x"), edit(3, 3, "y")], "012xy3456789"],
    ["side by side", [edit(0, 5, "a"), edit(5, 10, "b")], "ab"],
    ["beyond ASCII", [edit(1, 2, "é😀"), edit(2, 3, Buffer.from("日"))], "0é😀日3456789"],
  ])("%s", (_, edits, expected) => {
    expect(joined(splice(Buffer.from("0123456789"), edits))).toBe(expected);
  });

  test("without edits the bytes themselves go on", () => {
    const bytes = Buffer.from("abc");
    expect(splice(bytes, [])[0]).toBe(bytes);
  });

  test("a small message is one buffer, a large one pieces of the same memory", () => {
    expect(splice(Buffer.from("0123"), [edit(1, 2, "x")])).toHaveLength(1);
    const large = Buffer.alloc(100_000, "x");
    const pieces = splice(large, [edit(10, 12, "yyyy")]);
    expect(pieces.map((piece) => piece.length)).toEqual([10, 4, 99_988]);
    expect(pieces[2]?.buffer).toBe(large.buffer);
  });
});

test("only the ranges that are named change, in small and large messages alike", () => {
  const ranges = fc
    .uniqueArray(fc.nat({ max: 90 }), { maxLength: 8 })
    .map((places) => places.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(
      ranges,
      fc.array(fc.string({ maxLength: 5 }), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      (places, texts, isLarge) => {
        const text = `${"abcdefghij".repeat(10)}${isLarge ? "-".repeat(70_000) : ""}`;
        const edits: Edit[] = [];
        let expected = "";
        let from = 0;
        for (let index = 0; index + 1 < places.length; index += 2) {
          const [start, end] = [places[index] as number, places[index + 1] as number];
          const replacement = texts[index / 2] as string;
          edits.push(edit(start, end, replacement));
          expected += text.slice(from, start) + replacement;
          from = end;
        }
        expect(joined(splice(Buffer.from(text), edits.toReversed()))).toBe(
          Buffer.from(expected + text.slice(from)).toString(),
        );
      },
    ),
    { numRuns: 500 },
  );
});
