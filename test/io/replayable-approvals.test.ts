// A proxy whose approvals could be used twice, or whose kept answers nobody else could use, says so at its start.
import { expect, test } from "vitest";
import { replayWarning } from "../../src/io/replayable-approvals.ts";
import { unsharedWarning } from "../../src/io/unshared-answers.ts";
import { compilePolicy } from "../../src/language/compile-policy.ts";

const KEY = { id: "k", secret: "x".repeat(32) };
const STORE = { keyPrefix: "", timeoutMs: 500, valueBytes: 1, memoryBytes: 1 };
const SERVER = {
  host: "h",
  port: 6379,
  isEncrypted: false,
  database: 0,
  user: undefined,
  password: undefined,
};

function rulesOf(rule: string) {
  const text = `mcprules 1\ndefault allow\n${rule}`;
  const { policy } = compilePolicy([{ path: "p.mcprules", text }], { now: 0 });
  if (policy === undefined) throw new Error("it does not compile");
  return policy;
}

const ASKS = "rule r when tools/call * ask";

test.each([
  ["keys, no store, and a rule that asks", [KEY], undefined, ASKS, true],
  ["a store of this process alone", [KEY], { ...STORE, server: undefined }, ASKS, true],
  ["a limit that asks", [KEY], undefined, "rule r when tools/call * limit 1 per 1m else ask", true],
  ["a store that all share", [KEY], { ...STORE, server: SERVER }, ASKS, false],
  ["no keys: nobody else opens its states", [], undefined, ASKS, false],
  ["no rule that asks", [KEY], undefined, "rule r when tools/call * block", false],
])("%s", (_what, keys, store, rule, warns) => {
  expect(replayWarning({ keys, store }, rulesOf(rule)) !== undefined).toBe(warns);
});

const KEEPS = "rule r when tools/call * cache for 1m";

test.each([
  ["a store that all share, no keys, and a rule that keeps answers", [], { ...STORE, server: SERVER }, KEEPS, true],
  ["keys: the others have them too", [KEY], { ...STORE, server: SERVER }, KEEPS, false],
  ["a store of this process alone", [], { ...STORE, server: undefined }, KEEPS, false],
  ["no store", [], undefined, KEEPS, false],
  ["no rule that keeps answers", [], { ...STORE, server: SERVER }, ASKS, false],
])("answers are kept for this proxy alone: %s", (_what, keys, store, rule, warns) => {
  expect(unsharedWarning({ keys, store }, rulesOf(rule)) !== undefined).toBe(warns);
});
