// However long what stays, what goes and what comes is: short stretches are copied otherwise than long ones.
import { expect, test } from "vitest";
import { splice } from "../../../src/message/edits/splice.ts";
import { joined } from "../messages.ts";

const LENGTHS = Array.from({ length: 301 }, (_, length) => length);
const LETTERS = "abcdefghijklmnopqrstuvwxyz".repeat(20);

test.each<[string, (text: string) => string | Buffer]>([
  ["a text", (text) => text],
  ["bytes", (text) => Buffer.from(text)],
  ["a text that ends beyond ASCII", (text) => `${text}é😀`],
  ["a text that begins there", (text) => `é😀${text}`],
  ["a text with half a character", (text) => `${text}\ud800.`],
])("%s of any length comes between bytes of any length", (_, made) => {
  for (const length of LENGTHS) {
    const [text, rest] = [LETTERS.slice(0, length), LETTERS.slice(0, 300 - length)];
    const put = made(text);
    const bytes = Buffer.from(`${text}<${rest}>${text}`);
    const pieces = splice(bytes, [{ range: { start: length + 1, end: length + 1 + rest.length }, text: put }]);
    expect(joined(pieces)).toBe(`${text}<${Buffer.from(put).toString()}>${text}`);
    expect(bytes.toString()).toBe(`${text}<${rest}>${text}`);
  }
});
