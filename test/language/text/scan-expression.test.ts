// Where an expression ends is where JSONata says: whatever it takes in round brackets is one token.
import fc from "fast-check";
import jsonata from "jsonata";
import { expect, test } from "vitest";
import { scanExpression } from "../../../src/language/text/scan-expression.ts";

const PIECES = [
  ...Array.from("abx1()[]{}/*+-.,:;?%|=<>^&!@#$'\"`\\ "),
  "$f(",
  "$match(a, ",
  "/x)/",
  "/[(]x/",
  "/(a)\\)/i",
  "/* ) */",
  "')'",
  '"("',
  "`)`",
  " and ",
  " in ",
  " or ",
  "~>",
  ":=",
  "function($x){",
  "[0]",
  "(a)",
];

function isExpression(source: string): boolean {
  try {
    jsonata(source);
    return true;
  } catch {
    return false;
  }
}

test("it ends where JSONata closes its bracket", () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }), (pieces) => {
      const source = `(${pieces.join("")})`;
      if (!isExpression(source) || !isOneBlock(source)) return;
      taken += 1;
      expect(scanExpression(`${source} ) x`, 0)).toEqual({ end: source.length, payload: { kind: "expression" } });
    }),
    { numRuns: 8_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

/** `(a)(b)` and `(a) + (b)` are expressions too, but not one in brackets. */
function isOneBlock(source: string): boolean {
  const tree = jsonata(source).ast();
  return tree.type === "block" && !isExpression(source.slice(1));
}
