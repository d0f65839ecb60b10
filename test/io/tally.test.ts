// What rules did, added up: verdicts by kind, rules by what they did.
import { expect, test } from "vitest";
import type { DecisionRecord } from "../../src/engine/decision-record.ts";
import { Tally } from "../../src/io/tally.ts";

function record(fields: Partial<DecisionRecord>): DecisionRecord {
  return { revision: "r", kind: "request", method: "tools/call", from: "client", verdict: "allow", ...fields };
}

test("verdicts on messages are counted, and things that lists hide are not", () => {
  const tally = new Tally();
  for (const verdict of ["allow", "allow", "block", "answer", "drop"] as const) tally.count(record({ verdict }));
  tally.count(record({ kind: "catalogue", verdict: "block", rule: "hidden" }));
  expect(tally.verdicts()).toEqual({ allow: 2, block: 1, answer: 1, drop: 1, ask: 0 });
  expect(tally.rules()).toEqual([]);
});

test("a rule is counted for what it decided, changed, would have done, and let through", () => {
  const tally = new Tally();
  tally.count(record({ verdict: "block", rule: "a", place: "p.mcprules:3:1" }));
  tally.count(record({ verdict: "block", rule: "a", place: "p.mcprules:4:1" }));
  tally.count(record({ rule: "default", changedBy: ["b", "a"], shadow: [{ rule: "c", would: "block" }] }));
  tally.count(record({ rule: "default", failedOpen: ["b"], shadow: [{ rule: "c", would: "change" }] }));
  const nothing = { place: null, decided: 0, changed: 0, shadow: 0, failedOpen: 0 };
  expect(tally.rules()).toEqual([
    { ...nothing, rule: "a", place: "p.mcprules:4:1", decided: 2, changed: 1 },
    { ...nothing, rule: "default", decided: 2 },
    { ...nothing, rule: "b", changed: 1, failedOpen: 1 },
    { ...nothing, rule: "c", shadow: 2 },
  ]);
});

test("what is told is a copy", () => {
  const tally = new Tally();
  tally.count(record({ rule: "a" }));
  const [before] = tally.rules();
  tally.count(record({ rule: "a" }));
  expect(before?.decided).toBe(1);
});
