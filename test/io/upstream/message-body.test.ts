// A response that is one message, however its bytes are cut; and what it costs when they are cut small.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { frameOf, MessageBody } from "../../../src/io/upstream/message-body.ts";

function read(pieces: Iterable<Buffer>, limit: number): MessageBody {
  const body = new MessageBody(limit);
  for (const piece of pieces) body.chunk(piece);
  return body;
}

function* ofOneByte(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

/** No two places in it look the same. */
function counted(length: number): Buffer {
  return Buffer.from(
    Array.from({ length: length / 4 + 1 }, (_, at) => at.toString(36).padStart(4, "0")).join(""),
  ).subarray(0, length);
}

test("is the same, and its start and end are where it is too long", () => {
  const sizes = fc.array(fc.oneof(fc.nat(20), fc.nat(6000)), { maxLength: 12 });
  fc.assert(
    fc.property(sizes, fc.constantFrom(1024, 4096, 10_000), (lengths, limit) => {
      const bytes = counted(lengths.reduce((sum, length) => sum + length, 0));
      let at = 0;
      const pieces = lengths.map((length) => bytes.subarray(at, (at += length)));
      expect(read(pieces, limit).whole()).toEqual(frameOf(bytes, limit));
    }),
  );
});

test.each([1000, 20_000, 100_000])("in %i pieces of one byte, too", (length) => {
  const bytes = counted(length);
  expect(read(ofOneByte(bytes), length).whole()).toEqual(frameOf(bytes, length));
  expect(read(ofOneByte(bytes), 10_000).whole()).toEqual(frameOf(bytes, 10_000));
});

test("is not held by a hundred times its length where it comes in pieces of one byte", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const bytes = Buffer.alloc(1_000_000, "x");
  collect();
  const before = process.memoryUsage();
  const body = read(ofOneByte(bytes), bytes.length);
  collect();
  const after = process.memoryUsage();
  expect(after.heapUsed - before.heapUsed + after.external - before.external).toBeLessThan(10 * bytes.length);
  const frame = body.whole();
  expect(frame.kind === "line" && bytes.equals(frame.bytes)).toBe(true);
});

test("that is too long costs little where it comes in pieces of one byte", () => {
  const before = process.cpuUsage();
  read(ofOneByte(Buffer.alloc(300_000, "x")), 1024);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1500);
});
