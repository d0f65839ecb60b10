// Lines out of bytes that come in any pieces.
import { isUtf8 } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvelope } from "../../src/message/envelope.ts";
import { createLineFramer, type Frame, type LineFramer } from "../../src/message/framing.ts";

/** No more comes. */
const END = Buffer.alloc(0);

function framesOf(limit: number, chunks: readonly (string | Buffer)[]): readonly Frame[] {
  const framer = createLineFramer(limit);
  const frames: Frame[] = [];
  const keep = (frame: Frame): void => void frames.push(frame);
  for (const chunk of chunks) {
    if (chunk === END) framer.end(keep);
    else framer.push(Buffer.from(chunk), keep);
  }
  return frames;
}

/** Each chunk stands where the one before it stood, with what is left of older ones behind it. */
function fleetingFramesOf(framer: LineFramer, chunks: readonly Buffer[]): readonly Frame[] {
  const frames: Frame[] = [];
  const buffer = Buffer.alloc(1000, "x\n");
  // Nothing is never read.
  for (const chunk of chunks.filter(({ length }) => length > 0)) {
    chunk.copy(buffer);
    framer.pushFleeting(buffer, chunk.length, (frame) => frames.push(frame));
    buffer.fill("?\n", 0, chunk.length);
  }
  return frames;
}

function linesOf(limit: number, chunks: readonly (string | Buffer)[]): readonly string[] {
  return framesOf(limit, chunks).map((frame) =>
    frame.kind === "line" ? frame.bytes.toString() : `too long: ${frame.start.toString()} … ${frame.end.toString()}`,
  );
}

describe("lines", () => {
  test.each([
    ["one", ["a\n"], ["a"]],
    ["several in a chunk", ["a\nb\nc\n"], ["a", "b", "c"]],
    ["over several chunks", ["a", "b", "", "c\nd", "\n"], ["abc", "d"]],
    ["with Windows' ends", ["a\r\nb\r", "\nc", "\r\n"], ["a", "b", "c"]],
    ["one carriage return is dropped, no more", ["a\r\r\nb\rc\n"], ["a\r", "b\rc"]],
    ["blank ones are none", ["\n\r\n \t\n\na\n  \n"], ["a"]],
    ["an end that has not come", ["a\nb"], ["a"]],
    ["the last one without an end, when no more comes", ["a\nb", "c", END], ["a", "bc"]],
    ["and none where nothing is left", ["a\n", END], ["a"]],
    ["a character in two pieces", [Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])], ["é"]],
  ])("%s", (_, chunks, lines) => {
    expect(linesOf(100, chunks)).toEqual(lines);
  });

  test("a line within one chunk is not copied", () => {
    const chunk = Buffer.from("first\nsecond\n");
    createLineFramer(100).push(chunk, (frame) => {
      expect(frame.kind === "line" && frame.bytes.buffer).toBe(chunk.buffer);
    });
    expect.assertions(2);
  });
});

describe("a line over the limit", () => {
  test.each([
    ["the longest that is kept", ["12345\n"], ["12345"]],
    ["its line end does not count", ["12345\r\n", "123", "45\r", "\n"], ["12345", "12345"]],
    ["too long in one chunk", ["123456\n"], ["too long: 123456 … 123456"]],
    ["too long over several", ["123", "4567", "8\n9\n"], ["too long: 1234567 … 12345678", "9"]],
    ["the last one, when no more comes", ["123456", "7", END], ["too long: 1234567 … 1234567"]],
    ["and what follows is whole", ["a\n1234567", "\r\nb\n"], ["a", "too long: 1234567 … 1234567\r", "b"]],
  ])("%s", (_, chunks, lines) => {
    expect(linesOf(5, chunks)).toEqual(lines);
  });

  test("only its two edges stay in memory", () => {
    const chunk = Buffer.alloc(1_000_000, "x");
    const framer = createLineFramer(100_000);
    for (let round = 0; round < 10; round++) framer.push(chunk, () => expect.unreachable());
    framer.push(Buffer.from("}\n"), (frame) => {
      expect(frame.kind).toBe("oversize");
      if (frame.kind !== "oversize") return;
      expect([frame.start.length, frame.end.length]).toEqual([4096, 4096]);
      expect(frame.start.buffer.byteLength).toBeLessThan(chunk.length);
      expect(frame.end.toString().endsWith("xx}")).toBe(true);
    });
    expect.assertions(4);
  });
});

test("chunk boundaries make no difference, nor does what becomes of the chunks", () => {
  const text = fc.array(fc.constantFrom("a", "bc", "é", "\n", "\r\n", "\r", " ", "😀", "0123456789"), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat({ max: 120 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      (parts, cuts, limit) => {
        const bytes = Buffer.from(`${parts.join("")}\n`);
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        const kindOf = (frame: Frame) => (frame.kind === "line" ? frame.bytes.toString() : "too long");
        const whole = framesOf(limit, [bytes]).map(kindOf);
        expect(framesOf(limit, chunks).map(kindOf)).toEqual(whole);
        expect(fleetingFramesOf(createLineFramer(limit), chunks)).toEqual(framesOf(limit, chunks));
      },
    ),
    { numRuns: 1000 },
  );
});

describe("UTF-8 that is looked at piece by piece", () => {
  const LONG = '{"jsonrpc":"2.0","id":1,"result":{"text":"';
  const parts = fc.array(
    fc.oneof(
      fc.constantFrom("a", "é", "日", "😀").map((text) => Buffer.from(text)),
      // Cut characters, stray continuations, what no character begins with, surrogates.
      fc
        .constantFrom([0xc3], [0xa9], [0xe6, 0x97], [0xf0, 0x9f, 0x98], [0xff], [0xed, 0xa0, 0x80])
        .map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 12 },
  );

  test("comes to what it comes to in one go, wherever the pieces are cut", () => {
    fc.assert(
      fc.property(parts, fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 8 }), (texts, cuts) => {
        const line = Buffer.concat([Buffer.from(LONG), ...texts, Buffer.from('"}}')]);
        const places = [0, ...cuts.filter((cut) => cut < line.length).toSorted((a, b) => a - b), line.length];
        const framer = createLineFramer(1000, isUtf8);
        const frames: Frame[] = [];
        const chunks = places.slice(1).map((end, index) => line.subarray(places[index], end));
        const said = [...chunks, Buffer.from("\n")];
        for (const chunk of said) framer.push(chunk, (frame) => frames.push(frame));
        expect(fleetingFramesOf(createLineFramer(1000, isUtf8), said)).toEqual(frames);
        const [frame] = frames;
        if (frame?.kind !== "line") throw new Error("no line");
        const { bytes, utf8To } = frame;
        expect(isUtf8(bytes.subarray(0, utf8To ?? 0))).toBe(true);
        const limits = { depth: 8, isUtf8 };
        expect(readEnvelope(bytes, limits, utf8To)).toEqual(readEnvelope(bytes, limits));
      }),
      { numRuns: 2000 },
    );
  });

  test("is not looked at twice", () => {
    let looked = 0;
    const framer = createLineFramer(1_000_000, (bytes) => {
      looked += bytes.length;
      return isUtf8(bytes);
    });
    const piece = Buffer.from("é日😀x".repeat(500));
    for (let at = 0; at < piece.length; at += 999) framer.push(piece.subarray(at, at + 999), () => undefined);
    framer.push(Buffer.from("\n"), (frame) => expect(frame).toMatchObject({ kind: "line", utf8To: piece.length }));
    expect(looked).toBe(piece.length);
    expect.assertions(2);
  });

  test("is given up once it is none, and the next line begins anew", () => {
    const framer = createLineFramer(1000, isUtf8);
    const frames: Frame[] = [];
    for (const chunk of ["a", "\xff", "b", "b\nc", "d\n"]) {
      framer.push(Buffer.from(chunk, "latin1"), (frame) => frames.push(frame));
    }
    expect(frames).toMatchObject([{ utf8To: 1 }, { utf8To: 2 }]);
  });
});
