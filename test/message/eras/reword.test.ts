// Members of another era are put in and taken out, and what is taken out whole leaves nothing behind.
import { expect, test } from "vitest";
import { rewordWritten } from "../../../src/message/eras/reword.ts";

function reworded(result: string, meta: Readonly<Record<string, string | undefined>>): string {
  const written = rewordWritten([Buffer.from(`{"id":1,"result":${result}}`)], { members: {}, meta });
  return Buffer.concat(written).toString().slice(`{"id":1,"result":`.length, -1);
}

test.each([
  ["what was put in is taken out whole", '{"a":1,"_meta":{"x":1}}', '{"a":1}'],
  ["also before others", '{"_meta":{"x":1},"a":1}', '{"a":1}'],
  ["also alone", '{"_meta":{"x":1}}', "{}"],
  ["what stands beside it stays", '{"_meta":{"x":1,"y":2},"a":1}', '{"_meta":{"y":2},"a":1}'],
  ["an empty one that was there before stays", '{"_meta":{},"a":1}', '{"_meta":{},"a":1}'],
  ["one that has nothing of it stays", '{"_meta":{"y":2}}', '{"_meta":{"y":2}}'],
])("%s", (_what, before, after) => {
  expect(reworded(before, { x: undefined })).toBe(after);
});

test("what is put in again where it was taken out stays an object", () => {
  expect(reworded('{"_meta":{"x":1}}', { x: undefined, y: "2" })).toBe('{"_meta":{"y":2}}');
});
