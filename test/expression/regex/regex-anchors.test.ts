// Which regular expressions can match nothing but a whole text.
import { expect, test } from "vitest";
import { matchesWholeOnly } from "../../../src/expression/regex/regex-anchors.ts";

test.each<readonly [string, string, boolean]>([
  ["^a$", "", true],
  [String.raw`^\s*(select|with)\b[^;]*;?\s*$`, "i", true],
  ["^(a|b)$", "", true],
  ["(^a$|^b$)", "", true],
  ["(?:^)a(?:$)", "", true],
  ["a", "", false],
  ["^a", "", false],
  ["a$", "", false],
  ["^a|b$", "", false],
  ["^a|^b$", "", false],
  ["(^)?a$", "", false],
  [String.raw`^a\$`, "", false],
  [String.raw`\^a$`, "", false],
  ["[^]a$]", "", false],
  ["^a$", "m", false],
  ["^$", "", true],
  ["", "", false],
  ["(", "", false],
])("/%s/%s: %s", (source, flags, isWhole) => {
  expect(matchesWholeOnly(source, flags)).toBe(isWhole);
});
