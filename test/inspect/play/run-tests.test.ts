// Tests of policies, played: what holds, and what is said of what does not.
import { describe, expect, test } from "vitest";
import { referenceMs } from "../../reference-work.ts";
import type { TestReport } from "../../../src/inspect/play/test-report.ts";
import { runTests } from "../../../src/inspect/play/run-tests.ts";
import { drive, NOW, play, revisionOf } from "./play.ts";

describe("tests that hold", () => {
  test.each<[string, string]>([
    [
      "a call that is allowed",
      `send tools/call read {"path": "/a"} expect allow by default expect params.name = "read"`,
    ],
    ["a call that is blocked", `send tools/call gone {"n": 1} expect block by no-gone expect result.isError = true`],
    ["what is refused reads as it goes back", `send tools/call drop {"x": 1} expect without params`],
    ["a reason", `send tools/call gone {"n": 1} expect result.content[0].text "*gone*"`],
    ["a hidden thing", `expect hidden tool drop expect listed tool read`],
    ["a hidden thing on another server", `expect listed tool drop on other`],
    ["a hidden thing is unknown", `send tools/call drop expect error.code = -32602 expect without result`],
    ["an alias is undone", `send tools/call do_it expect params.name = "run_it"`],
    ["a server's own name is understood", `send tools/call run_it expect params.name = "run_it"`],
    [
      "lists show aliases",
      `send tools/list reply {"tools": [{"name": "run_it", "inputSchema": {}}]} expect result.tools[0].name = "do_it"`,
    ],
    [
      "lists leave out what is hidden",
      `send tools/list reply {"tools": [{"name": "drop", "inputSchema": {}}]} expect result.tools = []`,
    ],
    [
      "other members of a list stay",
      `send tools/list reply {"tools": [], "_meta": {"a": 1}} expect result._meta.a = 1`,
    ],
    [
      "a listed definition is known afterwards",
      `send tools/list reply {"tools": [{"name": "x", "inputSchema": {}, "annotations": {"destructiveHint": true}}]} expect hidden tool x`,
    ],
    [
      "a given definition",
      `given tool x {"annotations": {"destructiveHint": true}} expect hidden tool x send tools/call x expect block by no-harm`,
    ],
    ["an argument is set", `send tools/call page {"size": 9} expect params.arguments.size = 5`],
    [
      "a relative path starts in the natural body",
      `send tools/call page {"size": 9} expect size = 5 expect without name`,
    ],
    [
      "a result is masked",
      `send tools/call read reply {"content": [{"type": "text", "text": "a SECRET b"}]} expect result.content[0].text = "a *** b"`,
    ],
    [
      "an error is masked",
      `send tools/call read reply error -32000 "a SECRET b" expect error.message = "a *** b" expect error.code = -32000`,
    ],
    [
      "what a server sends",
      `push notifications/message {"level": "info", "data": "SECRET"} expect params.data = "***"`,
    ],
    [
      "what a server asks",
      `push sampling/createMessage {"messages": [], "maxTokens": 9} expect params.maxTokens = 3 reply {"role": "assistant"} expect result.role = "assistant"`,
    ],
    ["what a server may not ask", `push roots/list expect block by no-roots expect error.code = 4030`],
    [
      "a notification that is dropped",
      `push notifications/resources/updated "file:///drop" expect block by no-news expect without params`,
    ],
    [
      "who it is",
      `send tools/call admin expect block given user "ada" expect block send tools/call admin expect allow by ada-may`,
    ],
    ["which group", `given group "staff" send tools/call door expect allow by staff-may`],
    [
      "groups that nobody knows are in doubt, which allows nothing",
      `given user "bob" send tools/call door expect block`,
    ],
    ["a tag", `send tools/call read expect tag seen reply {} expect tag seen`],
    ["absent is absent", `send tools/call read expect without params.arguments`],
    [
      "a list that is there",
      `send tools/call read {"all": ["a", "b"]} expect params.arguments.all[*] "?" expect params.arguments.all = ["a", "b"]`,
    ],
    ["the last of many", `send tools/call read 3 times expect allow`],
    ["comparisons", `send tools/call read {"n": 3} expect n > 2 expect n <= 3 expect n != 4`],
    [
      "the request beside a reply",
      `send tools/call page {"size": 9} reply {} expect request.params.arguments.size = 5`,
    ],
    [
      "a prompt and a resource",
      `expect hidden prompt secret expect hidden resource "file:///secret" expect listed prompt other`,
    ],
  ])("%s", (_, steps) => {
    expect(failuresOf(play(`${POLICY}\ntest "it" ${steps}`))).toStrictEqual([]);
  });

  test("an exception in its time", () => {
    const report = play(`${POLICY}
exception let-old to no-old until "2026-04-01" when tools/call old on files
test "it"
  given now "2026-03-01T00:00:00Z" send tools/call old expect allow
  given now "2026-05-01T00:00:00Z" send tools/call old expect block by no-old`);
    expect(failuresOf(report)).toStrictEqual([]);
  });
});

describe("tests that do not hold say what is there instead", () => {
  test.each<[string, string, string, string]>([
    ["another verdict", `send tools/call drop expect allow`, "allow", "block by no-drop"],
    ["another rule", `send tools/call drop expect block by no-harm`, "block by no-harm", "block by no-drop"],
    ["another value", `send tools/call page {"size": 9} expect size = 9`, "size = 9", "5"],
    ["nothing there", `send tools/call read expect size = 9`, "size = 9", "it is absent"],
    [
      "not present",
      `send tools/call read expect params.arguments.x`,
      "params.arguments.x to be present",
      "it is absent",
    ],
    [
      "something there",
      `send tools/call read {"x": [1]} expect without params.arguments.x`,
      "no params.arguments.x",
      "[1]",
    ],
    [
      "unlike types",
      `send tools/call read {"n": "3"} expect n > 2`,
      "n > 2",
      '"3", which cannot be compared (in doubt)',
    ],
    ["no match", `send tools/call read {"n": "abc"} expect n "x*"`, "n to match x*", '"abc"'],
    ["listed", `expect hidden tool read`, "hidden tool read on files", "it is listed"],
    [
      "hidden",
      `expect listed tool drop`,
      "listed tool drop on files",
      "it is hidden by no-drop (policy.mcprules:4:6): tool drop on files",
    ],
    ["no tag", `send tools/call page expect tag seen`, "the tag seen", "no tags"],
    [
      "a reply to what was refused",
      `send tools/call drop reply {} expect block`,
      "a request that can be answered",
      "it went nowhere: block by no-drop",
    ],
    [
      "a client without a name",
      `given client {"version": "1"} send ping expect allow`,
      "a name or an object with `name` for the client",
      '{"version":"1"}',
    ],
  ])("%s", (_, steps, expected, got) => {
    const report = play(`${POLICY}\ntest "it" ${steps}`);
    expect(failuresOf(report)).toStrictEqual([`expected ${expected}, got ${got}`]);
    expect(report).toMatchObject({ passed: 0, failed: 1 });
  });

  test("a thing that a failed rule hides, and how it failed", () => {
    const report = play(`${POLICY}
rule short when tool wordy on files rewrite description (nothing)
test "it" given tool wordy {"description": "Many words."} expect listed tool wordy`);
    const got = "it is hidden: short failed: the expression for `description` yields nothing (policy.mcprules:21:6)";
    expect(failuresOf(report)).toStrictEqual([`expected listed tool wordy on files, got ${got}`]);
  });

  test("every expectation is looked at, each with its place", () => {
    const report = play(
      `${POLICY}\ntest "it"\n  send tools/call drop\n  expect allow\n  expect block\n  expect tag seen`,
    );
    const lines = report.tests[0]?.failures.map(({ place }) => place.line) ?? [];
    expect(lines).toHaveLength(2);
    expect((lines[1] ?? 0) - (lines[0] ?? 0)).toBe(2);
  });

  test("two values are compared place by place", () => {
    const report = play(
      `${POLICY}\ntest "it" send tools/call read {"x": {"a": 1, "b": [1, 2]}} expect x = {"a": 1, "b": [1, 3]}`,
    );
    expect(report.tests[0]?.failures[0]?.differences).toStrictEqual([{ path: "b[1]", before: 3, after: 2 }]);
  });

  test("a failure tells the message, what changed it, and what each rule said of it", () => {
    const report = play(`${POLICY}\ntest "it" send tools/call page {"size": 9} expect block`);
    const explanation = report.tests[0]?.failures[0]?.explanation;
    expect(explanation).toMatchObject({
      method: "tools/call",
      name: "page",
      server: "files",
      before: { params: { arguments: { size: 9 } } },
      changes: [{ path: "params.arguments.size", before: 9, after: 5 }],
      record: { verdict: "allow", rule: "default", changedBy: ["small"] },
    });
    const small = explanation?.tried.find(({ rule }) => rule === "small");
    expect(small).toMatchObject({
      truth: "yes",
      changes: [{ path: "params.arguments.size", before: 9, after: 5 }],
      parts: [{ text: "tools/call page" }, { text: "on files" }, { text: "with size > 5", values: [9] }],
    });
    expect(explanation?.tried.map(({ rule }) => rule)).not.toContain("no-roots");
  });
});

test("one test does not know what another one was given", () => {
  const report = play(`${POLICY}
test "one" given user "ada" given tool x {"annotations": {"destructiveHint": false}} send tools/call admin expect allow expect listed tool x
test "two" send tools/call admin expect block expect hidden tool x`);
  expect(failuresOf(report)).toStrictEqual([]);
  expect(report).toMatchObject({ passed: 2, failed: 0 });
});

test("a policy without tests passes", () => {
  expect(play("default allow")).toStrictEqual({ passed: 0, failed: 0, tests: [] });
});

test("a server that is not named is the only one the policy names, or `server`", () => {
  const named = `default allow rule r when tool * on notes block test "it"`;
  expect(play(`${named} expect hidden tool x expect hidden tool x on notes`).failed).toBe(0);
  const two = `default allow rule r when tool * on notes | files block test "it"`;
  expect(play(`${two} expect listed tool x expect hidden tool x on files`).failed).toBe(0);
});

// Alone on a core of 2.5 GHz eight times as long, which is less than two seconds.
test("a thousand tests take less than twenty times as long as the reference work", { retry: 2 }, () => {
  const tests = Array.from(
    { length: 1000 },
    (_, index) => `test "t${index}"
    given user "ada" send tools/call page {"size": ${index % 10}} expect size <= 5
    send tools/call do_it {"n": ${index}} expect params.name = "run_it"
    reply {"content": [{"type": "text", "text": "a SECRET"}]} expect result.content[0].text = "a ***"`,
  );
  const revision = revisionOf(`${POLICY}\n${tests.join("\n")}`);
  const reference = referenceMs();
  const before = process.cpuUsage();
  expect(drive(runTests(revision, { now: NOW }))).toMatchObject({ passed: 1000, failed: 0 });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(10 * (reference + referenceMs()));
});

const POLICY = `
default allow
rule no-drop when tool drop on files block
rule no-harm when tool x on files with annotations.destructiveHint true block
rule alias when tool run_* on files rename to do_*
rule small when tools/call page on files with size > 5 set size = 5
rule mask when message from server redact /SECRET/ as "***"
rule few when sampling/createMessage with maxTokens > 3 set maxTokens = 3
rule no-roots when roots/list block
rule no-news when notifications/resources/updated "file:///drop" block
default block when tool admin | door on files
rule ada-may when tool admin on files for user ada allow
rule staff-may when tool door on files for group staff allow
rule see when tools/call read on files tag seen
rule no-old when tools/call old on files block
rule no-gone when tools/call gone on files with n > 0 block "It is gone."
rule no-prompt when prompt secret on files block
rule no-file when resource "file:///secret" on files block
`;

function failuresOf({ tests }: TestReport): readonly string[] {
  return tests.flatMap(({ failures }) => failures.map(({ expected, got }) => `expected ${expected}, got ${got}`));
}

test("what decides on a list is said where a test expects a default to", () => {
  const listed = 'default allow test "it" send resources/list reply {"resources": []} expect allow by default';
  const [failure] = play(listed).tests[0]?.failures ?? [];
  expect(failure).toMatchObject({
    expected: "allow by default",
    got: "allow: no rule and no default decides on a list, but on each thing in it (`expect hidden tool x`)",
  });
});
