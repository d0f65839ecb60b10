// What a report says besides failures: rules that hardly miss, blocks that rest on doubt, exceptions that have run out.
import { describe, expect, test } from "vitest";
import { play } from "./play.ts";

function firstFailure(text: string): { readonly near: readonly string[]; readonly got: string } {
  const failure = play(text).tests[0]?.failures[0];
  if (!failure) throw new Error("the test was to fail");
  return { near: failure.near ?? [], got: failure.got };
}

describe("a rule that hardly misses", () => {
  test.each([
    [
      "by capitals",
      `rule r when tools/call Delete_* on files block test "t" send tools/call delete_x {} on files expect block`,
      "`r` is about `Delete_*`, and this is `delete_x`: capitals count",
    ],
    [
      "by a letter",
      `rule r when tools/call delete_file on files block test "t" send tools/call delete_fil {} on files expect block`,
      "`r` is about `delete_file`, and this is `delete_fil`: a slip?",
    ],
    [
      "by a star",
      `rule r when resource "file:///etc/*" block test "t" send resources/read "file:///etc/a/b" on files expect block`,
      '`r` is about `"file:///etc/*"`, and this is `file:///etc/a/b`: `*` crosses no `/`: write `file:///etc/**`',
    ],
    [
      "by a full stop",
      `rule r when tool delete.* on files block test "t" expect hidden tool delete_x on files`,
      "`r` is about `delete.*`, and this is `delete_x`: a `.` stands for itself: write `delete*`",
    ],
    [
      "by its server",
      `rule r when tool read on fils block test "t" expect hidden tool read on files`,
      "`r` is on `fils`, and this is `files`: a slip?",
    ],
    [
      "by both",
      `rule r when tools/call Read on Files block test "t" send tools/call read {} on files expect block`,
      "`r` is about `Read`, and this is `read`: capitals count, and is on `Files`, and this is `files`: capitals count",
    ],
    [
      "and was expected to decide",
      `rule r when tools/call read on files block test "t" send tools/call write {} on files expect block by r`,
      "`r` is about `tools/call read`, and this is `tools/call write`",
    ],
  ])("%s", (_how, text, near) => {
    expect(firstFailure(`default allow ${text}`).near).toStrictEqual([near]);
  });

  test("is none that is far away, or was asked", () => {
    const text = `default allow rule r when tools/call read on files block rule s when tools/call write on files with a = 1 block
      test "t" send tools/call write {} on files expect block`;
    expect(firstFailure(text).near).toStrictEqual([]);
  });
});

describe("a part that did not come", () => {
  const RULES = `default allow rule r when tools/call rm on files with a = 1 block "No rm"`;

  test("of a tool that was refused", () => {
    const { got } = firstFailure(
      `${RULES} test "t" send tools/call rm {"a": 1} on files expect error.message = "No rm"`,
    );
    expect(got).toMatch(/^it is absent, where a tool's reason is `result.content\[0\].text`: what came is \{"result":/);
  });

  test("is only absent where the part came", () => {
    const { got } = firstFailure(`${RULES} test "t" send tools/call rm {"a": 1} on files expect result.x = 1`);
    expect(got).toBe("it is absent");
  });
});

describe("a block that passes", () => {
  const RULES = `default allow
    rule big when tools/call search on db where (limit > 50) block
    rule closed when tools/call search on db with secret = true block
    rule fence when tools/call walk on db except with limit < 5 block`;

  test.each([
    ["on doubt alone", `send tools/call search {} on db expect block`, ["big is in doubt: where (limit > 50)"]],
    [
      "on doubt in an exception",
      `send tools/call walk {"limit": "x"} on db expect block by fence`,
      ["fence is in doubt: except with limit < 5"],
    ],
    ["on firm ground", `send tools/call search {"limit": 90} on db expect block by big`, []],
    ["since another rule is sure", `send tools/call search {"secret": true} on db expect block`, []],
    ["since an exception does not hold", `send tools/call walk {} on db expect block`, []],
    ["no more than another verdict", `send tools/call walk {"limit": 1} on db expect allow`, []],
  ])("%s", (_how, steps, notes) => {
    const [outcome] = play(`${RULES} test "t" ${steps}`).tests;
    expect(outcome?.failures).toStrictEqual([]);
    expect((outcome?.notes ?? []).map(({ text }) => text)).toStrictEqual(notes);
  });
});

test("an exception that has run out is named", () => {
  const text = `default allow rule r when tools/call read on files block
    exception logs to r until "2027-01-01" for user "alice"
    test "t" given user "alice" given now "2027-01-01T12:00:00Z" send tools/call read {} on files expect allow`;
  const tried = play(text).tests[0]?.failures[0]?.explanation?.tried;
  expect(tried).toMatchObject([{ rule: "r", ended: [{ exception: "logs", until: Date.UTC(2027, 0, 1) }] }]);
});

test("a rule whose value is nothing says what JSONata said", () => {
  const text = `default allow rule r when tools/call search on db set limit = (limit + 1)
    test "t" send tools/call search {"limit": "x"} on db expect allow`;
  const tried = play(text).tests[0]?.failures[0]?.explanation?.tried;
  expect(tried?.[0]?.failure).toMatch(/^the value for `limit` is nothing: the expression failed: T2001/);
});
