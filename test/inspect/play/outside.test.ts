// What tests of policies say of the world outside: a human, counters, tags that last, answers that are kept, modules, translations.
import { describe, expect, test } from "vitest";
import type { TestReport } from "../../../src/inspect/play/test-report.ts";
import { runTests } from "../../../src/inspect/play/run-tests.ts";
import { drive, NOW, play, revisionOf } from "./play.ts";

const POLICY = `
default allow

rule confirm
  when tools/call pay on bank
  allow
  ask "Pay {amount} to {to}?"

rule show
  when result of tools/call look on bank
  ask "Show it?"

rule nothing-over-a-million
  when tools/call pay on bank
  with amount > 1000000
  block

rule twice-a-minute
  when tools/call search on web
  limit 2 per 1m by user

rule a-thousand-a-day
  when tools/call spend on web
  limit 1000 of amount per 1d else block "Enough for today"

rule three-then-ask
  when tools/call post on web
  limit 3 per 1h else ask "One more?"

rule two-then-answer
  when tools/call quote on web
  limit 2 per 1h else answer "as before"

rule keep
  when tools/call get on web
  cache for 5m

rule keep-for-all
  when tools/call rates on web
  cache for 1h by ("all")

rule mask
  when message from server
  redact /SECRET/ as "***"

rule who-reads
  when tools/call read_secret on web
  tag secrets for 1h by user

rule nothing-leaves
  when tools/call send_* on web
  with tags secrets
  block "You have read secrets."
`;

function outcome(steps: string): TestReport {
  return play(`${POLICY}\ntest "it" ${steps}`);
}

function failures(steps: string): readonly string[] {
  return outcome(steps).tests.flatMap(({ failures: all }) =>
    all.map(({ expected, got }) => `expected ${expected}, got ${got}`),
  );
}

const PAY = `send tools/call pay {"amount": 500, "to": "ACME"} on bank`;

describe("a human", () => {
  test.each([
    ["is asked", `${PAY} expect ask by confirm expect ask`],
    ["reads the question", `${PAY} expect params.message = "Pay 500 to ACME?"`],
    ["approves", `given human approves ${PAY} expect allow by confirm expect params.arguments.amount = 500`],
    ["declines", `given human declines ${PAY} expect block by confirm expect result.isError = true`],
    ["may change their mind", `${PAY} expect ask given human approves ${PAY} expect allow`],
    [
      "is not asked about what is blocked anyway",
      `given human approves send tools/call pay {"amount": 2000000, "to": "ACME"} on bank expect block by nothing-over-a-million`,
    ],
    [
      "is asked about a result",
      `send tools/call look {} on bank reply {"content": []} expect ask by show given human approves send tools/call look {} on bank reply {"content": []} expect allow expect result.content = []`,
    ],
  ])("%s", (_, steps) => expect(failures(steps)).toEqual([]));

  test("who has not answered yet lets nothing go on", () => {
    expect(failures(`${PAY} reply {"content": []} expect ask`)).toEqual([
      "expected a request that can be answered, got it went nowhere: ask by confirm",
    ]);
  });
});

describe("a limit", () => {
  test.each([
    [
      "lets so many through",
      `send tools/call search {} on web 2 times expect allow send tools/call search {} on web expect block by twice-a-minute`,
    ],
    [
      "tells when there is room again",
      `send tools/call search {} on web 3 times expect result.content[0].text = "Over the limit (twice-a-minute). Try again in 60 s."`,
    ],
    [
      "is over with its time",
      `given now "2026-03-02T10:00:00Z" send tools/call search {} on web 3 times expect block given now "2026-03-02T10:00:59Z" send tools/call search {} on web expect block given now "2026-03-02T10:01:00Z" send tools/call search {} on web expect allow`,
    ],
    [
      "is each user's own",
      `given user "ada" send tools/call search {} on web 3 times expect block given user "bob" send tools/call search {} on web expect allow`,
    ],
    [
      "counts values",
      `send tools/call spend {"amount": 700} on web expect allow send tools/call spend {"amount": 400} on web expect block by a-thousand-a-day expect result.content[0].text "Enough for today. Try again in *" send tools/call spend {"amount": 300} on web expect allow`,
    ],
    [
      "has never room for too much at once",
      `send tools/call spend {"amount": 1001} on web expect block expect result.content[0].text = "Enough for today"`,
    ],
    ["counts nothing that is no number", `send tools/call spend {"amount": "much"} on web expect block`],
    [
      "asks for more",
      `send tools/call post {} on web 3 times expect allow send tools/call post {} on web expect ask by three-then-ask expect params.message = "One more?" given human approves send tools/call post {} on web expect allow given human declines send tools/call post {} on web expect block by three-then-ask`,
    ],
    [
      "answers instead",
      `send tools/call quote {} on web 2 times expect allow send tools/call quote {} on web expect answer by two-then-answer expect result.content[0].text = "as before"`,
    ],
  ])("%s", (_, steps) => expect(failures(steps)).toEqual([]));
});

const GET = `send tools/call get {"id": 1} on web`;
const SAY = (text: string): string => `reply {"content": [{"type": "text", "text": "${text}"}]}`;

describe("an answer that is kept", () => {
  test.each([
    [
      "is given again",
      `${GET} ${SAY("one")} ${GET} expect allow expect result.content[0].text = "one" expect without params`,
    ],
    [
      "is only for the same",
      `${GET} ${SAY("one")} send tools/call get {"id": 2} on web expect params.arguments.id = 2`,
    ],
    ["passes the rules for results again", `${GET} ${SAY("a SECRET")} ${GET} expect result.content[0].text = "a ***"`],
    [
      "is old one day",
      `given now "2026-03-02T10:00:00Z" ${GET} ${SAY("one")} given now "2026-03-02T10:05:00Z" ${GET} expect params.arguments.id = 1`,
    ],
    [
      "is nobody else's",
      `given user "ada" ${GET} ${SAY("one")} given user "bob" ${GET} expect params.arguments.id = 1`,
    ],
    [
      "is everybody's where a rule says so",
      `given user "ada" send tools/call rates {} on web ${SAY("one")} given user "bob" send tools/call rates {} on web expect result.content[0].text = "one"`,
    ],
    ["is no failure", `${GET} reply {"content": [], "isError": true} ${GET} expect params.arguments.id = 1`],
    ["is no error", `${GET} reply error -32000 "no" ${GET} expect params.arguments.id = 1`],
  ])("%s", (_, steps) => expect(failures(steps)).toEqual([]));

  test("is not answered by the server once more", () => {
    expect(failures(`${GET} ${SAY("one")} ${GET} ${SAY("two")} expect allow`)).toEqual([
      "expected a request that can be answered, got it went nowhere: it was answered before (keep)",
    ]);
  });
});

const READ = "send tools/call read_secret {} on web";
const SEND = "send tools/call send_mail {} on web";

describe("a tag that lasts", () => {
  test.each([
    ["is seen by later calls", `${SEND} expect allow ${READ} ${SEND} expect block by nothing-leaves`],
    [
      "is over with its time",
      `given now "2026-03-02T10:00:00Z" ${READ} given now "2026-03-02T10:59:59Z" ${SEND} expect block given now "2026-03-02T11:00:00Z" ${SEND} expect allow`,
    ],
    ["is each user's own", `given user "ada" ${READ} given user "bob" ${SEND} expect allow`],
  ])("%s", (_, steps) => expect(failures(steps)).toEqual([]));

  test("is in the explanation of what it blocks", () => {
    const [one] = outcome(`${READ} ${SEND} expect allow`).tests[0]?.failures ?? [];
    const tried = one?.explanation?.tried.find(({ rule }) => rule === "nothing-leaves");
    expect(tried?.truth).toBe("yes");
  });
});

const MODULES = `
default allow

rule shield
  when tools/call * on files
  call dlp {"strict": true}

rule tidy-lists
  when result of tools/list on files
  call tidy

rule scan
  when result of tools/call * on files
  call scan

rule scan-but-go-on fails open
  when tools/call * on web
  call dlp

rule tried in shadow
  when tools/call * on lab
  call dlp
`;

function moduleFailures(steps: string): readonly string[] {
  const report = play(`${MODULES}\ntest "it" ${steps}`);
  return report.tests.flatMap(({ failures: all }) =>
    all.map(({ expected, got }) => `expected ${expected}, got ${got}`),
  );
}

const REJECTED = `given call dlp returns {"valid": false, "messages": [{"message": "a card number"}]}`;
const CHANGED = `given call dlp returns {"method": "tools/call", "params": {"name": "put", "arguments": {"text": "***"}}}`;
const PUT = (server: string): string => `send tools/call put {"text": "4111"} on ${server}`;
const TOOLS = `[{"name": "a", "inputSchema": {"type": "object"}}, {"name": "b", "inputSchema": {"type": "object"}}]`;

describe("a module", () => {
  test.each([
    ["has nothing to say where the test says nothing of it", `${PUT("files")} expect allow`],
    ["rejects", `${REJECTED} ${PUT("files")} expect block by shield expect result.content[0].text "*card number*"`],
    [
      "warns, and it passes",
      `given call dlp returns {"valid": false, "severity": "warn"} ${PUT("files")} expect allow`,
    ],
    ["has no objection", `given call dlp returns {"valid": true} ${PUT("files")} expect allow`],
    ["changes a request", `${CHANGED} ${PUT("files")} expect allow expect params.arguments.text = "***"`],
    [
      "must not make another request of it",
      `given call dlp returns {"method": "tools/call", "params": {"name": "take"}} ${PUT("files")} expect block by shield`,
    ],
    [
      "changes a result",
      `given call scan returns {"content": [{"type": "text", "text": "clean"}]} ${PUT("files")} reply {"content": [{"type": "text", "text": "dirty"}]} expect result.content[0].text = "clean"`,
    ],
    [
      "leaves it to a human",
      `given call dlp returns {"valid": false, "info": {"dev.mcprules/verdict": "ask"}, "messages": ["sure?"]} ${PUT("files")} expect ask by shield given human approves ${PUT("files")} expect allow`,
    ],
    ["is down, and nothing passes", `given call dlp fails ${PUT("files")} expect block by shield`],
    ["is down, and its rule lets that pass", `given call dlp fails ${PUT("web")} expect allow`],
    ["counts for nothing in shadow", `${REJECTED} ${PUT("lab")} expect allow`],
    [
      "says something else from then on",
      `${REJECTED} ${PUT("files")} expect block given call dlp returns {"valid": true} ${PUT("files")} expect allow`,
    ],
    [
      "drops tools from a list",
      `given call tidy returns {"tools": [{"name": "a", "inputSchema": {"type": "object"}}]} send tools/list on files reply {"tools": ${TOOLS}} expect listed tool a on files expect hidden tool b on files`,
    ],
  ])("%s", (_, steps) => expect(moduleFailures(steps)).toEqual([]));

  test("of a test is forgotten with it", () => {
    const steps = `given call tidy returns {"tools": []} send tools/list on files reply {"tools": ${TOOLS}} expect hidden tool a on files`;
    const revision = revisionOf(`${MODULES}\ntest "it" ${steps}`);
    const hashing = { ...revision, policy: { ...revision.policy, tools: { digest: (text: string) => text } } };
    expect(drive(runTests(hashing, { now: NOW })).failed).toBe(0);
    expect(hashing.policy.listAnswers.size).toBe(0);
  });

  test("is in the record that explains a failure", () => {
    const [report] = play(`${MODULES}\ntest "it" ${REJECTED} ${PUT("files")} expect allow`).tests;
    expect(report?.failures[0]?.explanation?.record.modules).toContainEqual(
      expect.objectContaining({ module: "dlp", outcome: "rejected", rule: "shield" }),
    );
  });
});

test("texts that no catalogue has stay as they are", () => {
  const text = `default allow rule a when tool * translate to "fr" test "it"
    given tool x {"description": "Search"} send tools/list reply {"tools": [{"name": "x", "description": "Search", "inputSchema": {}}]}
    expect result.tools[0].description = "Search"`;
  expect(play(text).failed).toBe(0);
});

test("a failing test says what happened at the gates", () => {
  const [asked] = outcome(`${PAY} expect allow`).tests[0]?.failures ?? [];
  expect(asked?.explanation?.gates).toEqual([
    { kind: "asked", rules: ["confirm"], text: "Pay 500 to ACME?", said: undefined },
  ]);
  const [over] = outcome(`send tools/call search {} on web 3 times expect allow`).tests[0]?.failures ?? [];
  expect(over?.explanation?.gates).toEqual([
    { kind: "over", rule: "twice-a-minute", used: 2, count: 2, perMs: 60_000 },
  ]);
});
