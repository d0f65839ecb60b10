// One sink: what it says of itself when it fails, works again, or loses lines; not with every line.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Sink } from "../../../src/io/log/sink.ts";

let said: string[];
let sink: Sink;

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  const options = { name: "audit", level: "info", form: ["decisions"], filter: {}, messageBytes: 0 } as const;
  sink = new Sink({ ...options, complain: (text) => said.push(text) });
});
afterEach(() => vi.useRealTimers());

test("one that fails and works by turns is said to fail, once", () => {
  for (let turn = 0; turn < 20; turn += 1) {
    sink.failed("nobody there");
    vi.advanceTimersByTime(1000);
    sink.worked();
    vi.advanceTimersByTime(1000);
  }
  expect(said).toEqual(["the sink `audit` fails, and is tried again: nobody there"]);
});

test("one that has worked for ten seconds works again, and may fail again", () => {
  sink.failed("nobody there");
  sink.worked();
  vi.advanceTimersByTime(10_000);
  sink.failed("gone");
  expect(said).toEqual([
    "the sink `audit` fails, and is tried again: nobody there",
    "the sink `audit` works again",
    "the sink `audit` fails, and is tried again: gone",
  ]);
});

test("what it loses is counted up for ten seconds, and said at the end", async () => {
  for (let second = 0; second < 25; second += 1) {
    sink.lost(2);
    vi.advanceTimersByTime(1000);
  }
  await sink.close();
  const counts = said.map((text) => Number(/dropped (\d+) lines/.exec(text)?.[1]));
  expect(counts.length).toBeLessThanOrEqual(3);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
  expect(sink.dropped).toBe(50);
});
