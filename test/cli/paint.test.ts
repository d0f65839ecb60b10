// Words of others on a terminal: what it would obey is shown.
import { expect, test } from "vitest";
import { printable } from "../../src/cli/paint.ts";

test.each([
  ["escape sequences", "\u001B[31mred", String.raw`\x1b[31mred`],
  ["ends of lines", "one\ntwo", String.raw`one\x0atwo`],
  ["marks that turn the direction of text", "yes\u202Eon", String.raw`yes\u{202e}on`],
  ["everything else as it is", "größer 👍 <b>", "größer 👍 <b>"],
])("%s", (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});
