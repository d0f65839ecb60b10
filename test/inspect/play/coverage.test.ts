// Coverage: what the tests of a policy have brought to speak, and what is said to be missing.
import { describe, expect, test } from "vitest";
import type { Coverage } from "../../../src/inspect/play/coverage.ts";
import { runTests } from "../../../src/inspect/play/run-tests.ts";
import { drive, NOW, revisionOf } from "./play.ts";

function coverageOf(policy: string): Coverage {
  const { coverage } = drive(runTests(revisionOf(`default allow ${policy}`), { now: NOW, coverage: true }));
  if (!coverage) throw new Error("no coverage");
  return coverage;
}

describe("what is missing", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "a rule that nothing was sent to",
      `rule a when tools/call x block test "t" send tools/call y expect allow`,
      ["no test reaches it"],
    ],
    ["nothing", `rule a when tools/call x block test "t" send tools/call x expect block`, []],
    [
      "a clause that never fails",
      `rule a when tools/call x with n = 1 block test "t" send tools/call x {"n": 1} expect block`,
      ["`with n = 1` never failed to hold"],
    ],
    [
      "a clause that never holds",
      `rule a when tools/call x with n = 1 block test "t" send tools/call x {"n": 2} expect allow`,
      ["it never matched", "`with n = 1` never held"],
    ],
    [
      "both ways",
      `rule a when tools/call x with n = 1 block test "t" send tools/call x {"n": 1} expect block send tools/call x {"n": 2} expect allow`,
      [],
    ],
    [
      "one of several targets",
      `rule a when tools/call x or tools/call y block test "t" send tools/call x expect block`,
      ["`tools/call y` never held"],
    ],
    [
      "an except that never holds",
      `rule a when tools/call x except with n = 1 block test "t" send tools/call x expect block`,
      ["`except with n = 1` never held"],
    ],
    [
      "an exception that is never used",
      `rule a when tools/call x block exception e to a until "2026-04-01" with n = 1 test "t" given now "2026-03-02" send tools/call x expect block`,
      ["`exception e` never held"],
    ],
    ["a thing that was looked up", `rule a when tool x block test "t" expect hidden tool x`, []],
    [
      "a thing that was listed",
      `rule a when tool x set title = "X" test "t" send tools/list reply {"tools": [{"name": "x", "inputSchema": {}}]} expect result.tools[0].title = "X"`,
      [],
    ],
    [
      "a call that a listing does not make",
      `rule a when tools/call x with n = 1 block test "t" expect listed tool x`,
      ["no test reaches it"],
    ],
    [
      "a transform at its place",
      `rule a when tools/call x set n = 1 rule b when tools/call x with n = 1 tag one test "t" send tools/call x {"n": 2} expect tag one`,
      ["`with n = 1` never failed to hold"],
    ],
  ])("%s", (_, policy, missing) => {
    expect(coverageOf(policy).rules.flatMap((rule) => rule.missing)).toStrictEqual(missing);
  });

  test("all of a rule that nothing was sent to", () => {
    const policy = `rule a when tools/call x with n = 1 block test "t" send tools/call y expect allow`;
    expect(coverageOf(policy)).toMatchObject({ goals: 3, reached: 0, percent: 0 });
  });
});

test("the percentage is cut, so that only all is 100", () => {
  const rules = Array.from({ length: 200 }, (_, index) => `rule r${index} when tools/call x${index} block`).join("\n");
  const sends = Array.from({ length: 199 }, (_, index) => `send tools/call x${index} expect block`).join("\n");
  expect(coverageOf(`${rules} test "t" ${sends}`)).toMatchObject({ goals: 200, reached: 199, percent: 99 });
});

test("no rules, nothing missing", () => {
  expect(coverageOf("")).toStrictEqual({ rules: [], goals: 0, reached: 0, percent: 100 });
});

test("it is not gathered unless asked for", () => {
  expect(drive(runTests(revisionOf("default allow"), { now: NOW }))).not.toHaveProperty("coverage");
});
