// Long texts are searched for their end once, and what is remembered of them is true.
import { isUtf8 } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvelope } from "../../../src/message/envelope.ts";
import { createLineFramer } from "../../../src/message/framing.ts";
import { quoteFrom, QuotelessPieces } from "../../../src/message/json-bytes/quoteless.ts";

const QUOTE = 0x22;
const PIECE = 40_000;

/** Long runs of letters and single quotes. */
const texts = fc
  .array(fc.oneof(fc.constant('"'), fc.integer({ min: 1, max: 200_000 })), { minLength: 1, maxLength: 8 })
  .map((parts) => Buffer.from(parts.map((part) => (part === '"' ? part : "x".repeat(part))).join("")));

function piecesOf(bytes: Buffer): readonly Buffer[] {
  const count = Math.ceil(bytes.length / PIECE);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * PIECE, (index + 1) * PIECE));
}

describe("the first quote at or after any place", () => {
  const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });

  test("is where a search finds it, whatever was asked before", () => {
    fc.assert(
      fc.property(texts, places, (bytes, asked) => {
        for (const part of asked) {
          const from = Math.floor(part * bytes.length);
          expect(quoteFrom(bytes, from)).toBe(bytes.indexOf(QUOTE, from));
        }
      }),
    );
  });

  test("and whatever was seen of it as it came in pieces", () => {
    fc.assert(
      fc.property(texts, places, (bytes, asked) => {
        const seen = new QuotelessPieces();
        for (const [index, piece] of piecesOf(bytes).entries()) seen.add(piece, index * PIECE);
        seen.noteIn(bytes);
        for (const part of asked) {
          const from = Math.floor(part * bytes.length);
          expect(quoteFrom(bytes, from)).toBe(bytes.indexOf(QUOTE, from));
        }
      }),
    );
  });
});

test("nothing of one line is taken for the next, also of one that was too long", () => {
  const framer = createLineFramer(300_000, isUtf8);
  const kinds: string[] = [];
  const read = (bytes: Buffer): string => readEnvelope(bytes, { depth: 9 }).kind;
  const texted = (text: string): Buffer => Buffer.from(`{"jsonrpc":"2.0","id":1,"result":{"text":"${text}"}}\n`);
  const lines = [
    texted("x".repeat(200_000)),
    texted(`${"x".repeat(100_000)}","b":{},"c":"${"x".repeat(90_000)}`),
    texted("x".repeat(400_000)),
    texted(`${"x".repeat(1000)}","b":"${"x".repeat(150_000)}`),
    texted(`${"x".repeat(100_000)}"x${"x".repeat(90_000)}`),
  ];
  for (const piece of lines.flatMap(piecesOf))
    framer.push(piece, (frame) => kinds.push(frame.kind === "line" ? read(frame.bytes) : frame.kind));
  expect(kinds).toEqual(["result", "result", "oversize", "result", "malformed"]);
});
