// Filters of sinks: what is named has to be met, by globs as the language has them; what a line does not say does not match.
import { expect, test } from "vitest";
import { compileFilter } from "../../../src/io/log/filter.ts";
import type { FilterSettings } from "../../../src/io/log/log-settings.ts";
import type { LogEntry } from "../../../src/io/log/log-entry.ts";
import { ALLOWED, BLOCKED, said } from "./records.ts";

const decision: LogEntry = { kind: "decision", level: "debug", record: ALLOWED };
const refusal: LogEntry = { kind: "decision", level: "warn", record: BLOCKED };
const reading: LogEntry = {
  kind: "decision",
  level: "debug",
  record: { ...ALLOWED, method: "resources/read", name: "file:///srv/a%2fb" },
};
const line: LogEntry = { kind: "log", level: "info", line: said("x") };
const report: LogEntry = { kind: "report", level: "warn", text: "gone", server: "files" };
const heard: LogEntry = { kind: "stderr", level: "info", text: "ready", server: "memory" };

test.each<readonly [FilterSettings, LogEntry, boolean]>([
  [{ method: ["tools/*"] }, decision, true],
  [{ method: ["prompts/*", "resources/*"] }, decision, false],
  [{ method: ["prompts/*", "tools/call"] }, decision, true],
  [{ server: ["fil*"] }, decision, true],
  [{ server: ["git*"] }, decision, false],
  [{ name: ["read_*"] }, decision, true],
  [{ name: ["write_*"] }, decision, false],
  [{ name: ["file:///srv/**"] }, reading, true],
  [{ name: ["file:///etc/**"] }, reading, false],
  [{ from: "client" }, decision, true],
  [{ from: "server" }, decision, false],
  [{ verdict: ["block", "drop"] }, refusal, true],
  [{ verdict: ["block", "drop"] }, decision, false],
  [{ method: ["tools/*"], verdict: ["block"] }, decision, false],
  [{ method: ["tools/*"], server: ["files"] }, line, true],
  [{ verdict: ["allow"] }, line, false],
  [{ server: ["files"] }, report, true],
  [{ server: ["memory"] }, heard, true],
  [{ method: ["*"] }, report, false],
])("%j of a line: %#", (filter, entry, isMet) => {
  expect(compileFilter(filter)?.(entry)).toBe(isMet);
});

test("a filter that asks for nothing is none", () => {
  expect(compileFilter({})).toBeUndefined();
});
