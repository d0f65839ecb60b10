// The same messages under two policies: which end otherwise, and how.
import { expect, test } from "vitest";
import { verdictFlips } from "../../../src/inspect/diff/verdict-flips.ts";
import { drive, NOW, revisionOf } from "../play/play.ts";

function flips(before: string, after: string): readonly string[] {
  const found = drive(verdictFlips(revisionOf(`default allow ${before}`), revisionOf(`default allow ${after}`), NOW));
  return found.map(({ test: name, message, before: old, after: now, differences }) =>
    [name, message, old.verdict, old.rule, now.verdict, now.rule, ...differences.map(({ path }) => path)].join(" "),
  );
}

const SENDS = `test "t" send tools/call x {"n": 1} expect allow send tools/call y expect allow`;

test.each<[string, string, string, readonly string[]]>([
  ["nothing changes", SENDS, SENDS, []],
  [
    "a verdict",
    SENDS,
    `rule a when tools/call x block test "t" send tools/call x {"n": 1} expect block`,
    ["t tools/call x on server allow default block a"],
  ],
  [
    "another rule",
    `default block when tool x rule a when tool x on "server" allow ${SENDS}`,
    `default block when tool x rule b when tool x on "server" allow ${SENDS}`,
    ["t tools/call x on server allow a allow b"],
  ],
  [
    "what the server gets",
    `rule a when tools/call x set n = 2 ${SENDS}`,
    SENDS,
    ["t tools/call x on server allow default allow default params.arguments.n"],
  ],
  [
    "a test of the old policy that is gone",
    SENDS,
    `rule a when tools/call y block test "u" send tools/call z expect allow`,
    ["t tools/call y on server allow default block a"],
  ],
  [
    "a reply",
    `test "t" send tools/call x reply {"a": 1} expect result.a = 1`,
    `rule a when result of tools/call x remove a test "t" send tools/call x reply {"a": 1} expect without result.a`,
    ["t result of tools/call x on server allow  allow  result.a"],
  ],
  [
    "what is not reached any more",
    `test "t" send tools/call x reply {} send tools/call y expect allow`,
    `rule a when tools/call x block test "t" send tools/call x reply {} send tools/call y expect allow`,
    [
      "t tools/call x on server allow default block a",
      "t result of tools/call x on server allow   ",
      "t tools/call y on server allow default  ",
    ],
  ],
])("%s", (_, before, after, expected) => {
  const compact = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => line.replaceAll(/ +/g, " ").trim());
  expect(compact(flips(before, after))).toStrictEqual(compact(expected));
});
