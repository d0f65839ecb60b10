// What tests of policies say of the world outside: a human, counters, tags that last, answers that are kept, modules, translations.
import { describe, expect, test } from "vitest";
import type { TestReport } from "../../src/inspect/test-report.ts";
import { play } from "./play.ts";

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
