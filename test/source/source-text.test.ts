// Lines and columns as people count them, whatever ends a line.
import { describe, expect, test } from "vitest";
import { lineText, positionAt } from "../../src/source/source-text.ts";

describe("a position", () => {
  test.each([
    ["", 0, 1, 1],
    ["abc", 0, 1, 1],
    ["abc", 3, 1, 4],
    ["a\nb", 2, 2, 1],
    ["a\r\nb", 3, 2, 1],
    ["a\rb", 2, 2, 1],
    ["a\n\nb", 2, 2, 1],
    ["a\n", 2, 2, 1],
    ["\tb", 1, 1, 2],
    ["🙂b", 2, 1, 2],
    ["日本b", 2, 1, 3],
  ])("in %j at %d is %d:%d", (text, offset, line, column) => {
    expect(positionAt({ path: "x", text }, offset)).toEqual({ line, column });
  });
});

describe("a line", () => {
  test.each([
    ["a\nb\nc", 2, "b"],
    ["a\r\nb\r\n", 1, "a"],
    ["a\rb", 2, "b"],
    ["a\n", 2, ""],
    ["a", 7, ""],
  ])("of %j with number %d is %j", (text, line, expected) => {
    expect(lineText({ path: "x", text }, line)).toBe(expected);
  });
});
