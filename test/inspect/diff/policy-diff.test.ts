// Two versions of a policy: what changed, in words, and which entries of a list had to move.
import { array, assert, integer, property, shuffledSubarray, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";
import { inOtherOrder } from "../../../src/inspect/diff/other-order.ts";
import { diffPolicies } from "../../../src/inspect/diff/policy-diff.ts";
import { revisionOf } from "../play/play.ts";

function changes(before: string, after: string): readonly string[] {
  const [old, now] = [before, after].map((text) => revisionOf(`default allow ${text}`).policy.policy);
  if (!old || !now) throw new Error("two policies were compiled");
  return diffPolicies(old, now).map(({ change, item, id, effect }) => `${change} ${item} ${id}: ${effect}`);
}

describe("what changed", () => {
  test.each<[string, string, string, readonly string[]]>([
    ["nothing", `rule a when tool x block`, `rule a when tool x block`, []],
    [
      "only the place",
      `rule a when tool x block rule b when tool y block`,
      `rule b when tool y block rule a when tool x block`,
      [],
    ],
    ["a rule that comes", ``, `rule a when tool x on files block`, ["added rule a: refuses tool x on files"]],
    [
      "a rule that goes",
      `rule a when tools/call x with n = 1 block`,
      ``,
      ["removed rule a: no longer refuses some of tools/call x"],
    ],
    [
      "a verdict",
      `rule a when tool x block`,
      `rule a when tool x answer "no"`,
      ["changed rule a: answers tool x in the server's place; before: refuses tool x"],
    ],
    [
      "a clause",
      `rule a when tools/call x with n = 1 block`,
      `rule a when tools/call x with n = 2 block`,
      ["changed rule a: still refuses some of tools/call x"],
    ],
    [
      "a reason",
      `rule a when tools/call x with n = 1 block "A"`,
      `rule a when tools/call x with n = 1 block "B"`,
      ["changed rule a: still refuses some of tools/call x"],
    ],
    [
      "a trial that ends",
      `rule a in shadow when tool x block`,
      `rule a when tool x block`,
      ["changed rule a: refuses tool x; before: refuses tool x, on trial"],
    ],
    [
      "a name",
      `rule a when tool x_* rename to y_*`,
      `rule a when tool x_* rename to z_*`,
      ["changed rule a: calls tool x_* z_*; before: calls tool x_* y_*"],
    ],
    [
      "a transform",
      `rule a when tools/call x set n = 1`,
      `rule a when tools/call x set n = 2`,
      ["changed rule a: changes tools/call x: set n = 2; before: changes tools/call x: set n = 1"],
    ],
    [
      "another order of transforms",
      `rule a when tools/call x set n = 1 rule b when tools/call x set m = 1`,
      `rule b when tools/call x set m = 1 rule a when tools/call x set n = 1`,
      ["moved rule b: changes tools/call x: set m = 1, at another place among the transforms"],
    ],
    [
      "a pattern behind a name",
      `let w = x rule a when tool $w block`,
      `let w = y rule a when tool $w block`,
      ["changed rule a: refuses tool y; before: refuses tool x"],
    ],
    [
      "an exception",
      `rule a when tools/call x with n = 1 block`,
      `rule a when tools/call x with n = 1 block exception e to a until "2026-12-01" with m = 1`,
      ["added exception e: takes out a until 2026-12-01"],
    ],
    ["a narrower default", ``, `default block "No." when tool x`, ["added default default: refuses tool x"]],
    ["a question", ``, `rule a when tool x ask "Really?"`, ["added rule a: asks a human about tool x"]],
    [
      "what is allowed when a human says so",
      `rule a when tool x on s block`,
      `rule a when tool x on s allow ask within 1m via queue`,
      ["changed rule a: allows tool x on s when a human says so; before: refuses tool x on s"],
    ],
    [
      "a limit",
      `rule a when tool x limit 10 per 1m by user`,
      `rule a when tool x limit 5 of params.arguments.n per 2h else ask`,
      [
        "changed rule a: lets through no more than 5 of params.arguments.n per 2h of tool x; before: lets through no more than 10 per 1m of tool x",
      ],
    ],
    [
      "answers that are kept",
      ``,
      `rule a when tools/call x cache for 90s`,
      ["added rule a: keeps answers to tools/call x for 90s"],
    ],
    [
      "for how long",
      `rule a when tools/call x cache for 5m`,
      `rule a when tools/call x cache for 5m by (user.id)`,
      ["changed rule a: still keeps answers to tools/call x for 5m"],
    ],
    [
      "a translation and a module",
      ``,
      `rule a when result of tools/list translate to "fr" call tidy {"max": 3}`,
      [`added rule a: changes result of tools/list: translate to "fr"; call tidy {"max":3}`],
    ],
    [
      "what a failure does",
      `rule a when tools/call x call scan`,
      `rule a fails closed when tools/call x call scan`,
      ["changed rule a: still changes tools/call x: call scan"],
    ],
    ["what is only noted", ``, `rule a when tools/call x tag seen`, ["added rule a: notes tools/call x"]],
    [
      "what is allowed",
      `default block when tool x`,
      `default block when tool x rule a when tool x on files allow`,
      ["added rule a: allows tool x on files"],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(changes(before, after)).toStrictEqual(expected);
  });

  test("the lines that went and came", () => {
    const [old, now] = ["set n = 1", 'set n = 2\n  log info "x"'].map((actions) => {
      return revisionOf(`default allow rule a when tools/call x on files with m = 1 ${actions}`).policy.policy;
    });
    expect(old && now && diffPolicies(old, now)).toMatchObject([
      { gone: ["set n = 1"], come: ["set n = 2", 'log info "x"'], place: { file: "policy.mcprules", line: 2 } },
    ]);
  });
});

describe("entries in another order", () => {
  test.each<[readonly string[], readonly string[], readonly string[]]>([
    [["a", "b", "c"], ["a", "b", "c"], []],
    [["a", "b", "c"], ["c", "a", "b"], ["c"]],
    [["a", "b", "c"], ["x", "a", "y", "c"], []],
    [
      ["a", "b", "c", "d"],
      ["b", "a", "d", "c"],
      ["b", "d"],
    ],
    [[], ["a"], []],
  ])("%j → %j", (before, after, moved) => {
    expect([...inOtherOrder(before, after)].toSorted()).toStrictEqual(moved);
  });

  test("without those that moved, the order is the old one, and no fewer would do", () => {
    const lists = uniqueArray(integer({ min: 0, max: 20 }), { maxLength: 8 }).chain((before) =>
      shuffledSubarray(before).map((after) => [before.map(String), after.map(String)] as const),
    );
    assert(
      property(lists, ([before, after]) => {
        const moved = inOtherOrder(before, after);
        const kept = after.filter((entry) => !moved.has(entry));
        expect(isOrdered(before, kept)).toBe(true);
        expect(kept).toHaveLength(longestOrdered(before, after));
      }),
    );
  });

  test("ten thousand at once", () => {
    const before = Array.from({ length: 10_000 }, (_, index) => `r${index}`);
    expect(inOtherOrder(before, ["r9999", ...before.slice(0, -1)]).size).toBe(1);
    assert(property(array(integer()), (values) => inOtherOrder(values.map(String), []).size === 0));
  });
});

function isOrdered(before: readonly string[], entries: readonly string[]): boolean {
  return entries.every(
    (entry, index) => index === 0 || before.indexOf(entries[index - 1] ?? "") < before.indexOf(entry),
  );
}

/** By trying every subset. */
function longestOrdered(before: readonly string[], after: readonly string[]): number {
  let longest = 0;
  for (let bits = 0; bits < 1 << after.length; bits += 1) {
    const subset = after.filter((_, index) => ((bits >> index) & 1) === 1);
    if (isOrdered(before, subset)) longest = Math.max(longest, subset.length);
  }
  return longest;
}
