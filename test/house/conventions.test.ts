// Files open with a line for newcomers, have telling names, launder no types and export nothing that may be changed.
import { describe, expect, test } from "vitest";
import { conventionFaults } from "./conventions.ts";
import { readSources } from "./syntax.ts";

test.each(["src", "test"])("the files of %s keep to the conventions", (folder) => {
  expect(conventionFaults(readSources(folder))).toEqual([]);
});

describe("the checker", () => {
  const opening = "// Says what is here.";
  const faultsOf = (path: string, ...lines: readonly string[]): readonly string[] =>
    conventionFaults([{ path, text: lines.join("\n") }]);

  test("has nothing against a sound file", () =>
    expect(
      faultsOf(
        "src/mcp/a.ts",
        opening,
        "export interface A { readonly b: number } interface C { d: 1 } export function e(f: { g: 1 }): void {}",
      ),
    ).toEqual([]));

  test("lets a type change that says so", () =>
    expect(faultsOf("src/mcp/a.ts", opening, "/** Counted up", " * to 3. */", "export interface A { b: 1 }")).toEqual(
      [],
    ));

  test.each([
    [
      "a file without an opening",
      "src/mcp/a.ts",
      "export const a = 1;",
      "1: does not open with a line that says what is here",
    ],
    ["an opening that says nothing", "src/mcp/a.ts", "// A.", "1: does not open with a line that says what is here"],
    ["a folder of odds and ends", "src/utils/a.ts", opening, '1: is named "utils", which says nothing'],
    ["a file of odds and ends", "src/mcp/name-helpers.ts", opening, '1: is named "helpers", which says nothing'],
    [
      "a cast through unknown",
      "src/mcp/a.ts",
      `${opening}\nlet a = 1 as unknown as string;`,
      "2: casts through unknown",
    ],
    [
      "an old cast through unknown",
      "src/mcp/a.ts",
      `${opening}\nlet a = <A>(1 as unknown);`,
      "2: casts through unknown",
    ],
    [
      "a field that may be changed",
      "src/mcp/a.ts",
      `${opening}\nexport interface A { b: 1 }`,
      "2: a field of an exported type is not readonly, and its comment does not say so",
    ],
    [
      "such a field further in",
      "src/mcp/a.ts",
      `${opening}\nexport type A = readonly { b: 1 }[];`,
      "2: a field of an exported type is not readonly, and its comment does not say so",
    ],
  ])("sees %s", (_, path, text, fault) => expect(faultsOf(path, text)).toEqual([`${path}:${fault}`]));
});
