// The store in memory: bounded, whoever makes keys up, and never laxer for it.
import { expect, test } from "vitest";
import { createMemoryStore } from "../../../src/io/store/memory-store.ts";
import type { Store } from "../../../src/io/store/store.ts";

const HOUR = 3_600_000;
const MOST = 100_000;

function open(memoryBytes = 64 * 1024): { readonly store: Store; readonly pass: (ms: number) => void } {
  let now = 1;
  const store = createMemoryStore({ valueBytes: 16 * 1024, memoryBytes }, () => now);
  return {
    store,
    pass: (ms) => {
      now += ms;
    },
  };
}

const share = (key: string) => ({ key, count: 1, amount: 1, perMs: HOUR });

test("a counter that there is no room for is not counted with, and those that there are go on", async () => {
  const { store, pass } = open();
  for (let index = 0; index < MOST; index += 1) await store.reserve([share(`${index}`)]);
  expect(await store.reserve([share("one more")])).toEqual({ kind: "failed", reason: "there are too many counters" });
  expect(await store.reserve([share("7")])).toMatchObject({ kind: "over" });
  pass(HOUR + 1);
  expect(await store.reserve([share("one more")])).toEqual({ kind: "reserved" });
});

test("of several counters none is taken when there is no room for all", async () => {
  const { store, pass } = open();
  for (let index = 1; index < MOST; index += 1) await store.reserve([share(`${index}`)]);
  expect(await store.reserve([share("a"), share("b")])).toMatchObject({ kind: "failed" });
  pass(1);
  expect(await store.reserve([share("a")])).toEqual({ kind: "reserved" });
});

test("a token stays spent when there is no room for more", async () => {
  const { store } = open();
  for (let index = 0; index <= MOST; index += 1) await store.spend(`${index}`, HOUR);
  expect(await store.spend("3", HOUR)).toEqual({ kind: "spent", isFirst: false });
});

test.each([
  ["spent tokens", (store: Store, key: string) => store.spend(key, HOUR), "spent"],
  ["tags that last", (store: Store, key: string) => store.mark(key, ["seen"], HOUR), "kept"],
])("%s are refused, not forgotten, when there are too many", async (_what, put, kind) => {
  const { store, pass } = open();
  for (let index = 0; index < MOST; index += 1) await put(store, `${index}`);
  expect(await put(store, "one more")).toMatchObject({ kind: "failed" });
  pass(HOUR + 1);
  expect(await put(store, "one more")).toMatchObject({ kind });
});

test("cached values make room for newer ones, the least used first", async () => {
  const { store } = open();
  const value = "x".repeat(8 * 1024);
  for (const key of ["a", "b", "c"]) expect(await store.keep(key, value, HOUR)).toEqual({ kind: "kept" });
  await store.recall("a");
  await store.keep("d", value, HOUR);
  const left = [];
  for (const key of ["a", "b", "c", "d"]) {
    const answer = await store.recall(key);
    if (answer.kind === "recalled" && answer.value !== undefined) left.push(key);
  }
  expect(left).toEqual(["a", "c", "d"]);
});

test("parked values stay, and what does not fit is refused until some are fetched", async () => {
  const { store } = open();
  const value = "x".repeat(8 * 1024);
  for (const key of ["a", "b", "c"]) expect(await store.park(key, value, HOUR)).toEqual({ kind: "kept" });
  expect(await store.park("d", value, HOUR)).toEqual({ kind: "failed", reason: "too much waits in memory" });
  expect(await store.park("a", `${value}y`, HOUR)).toEqual({ kind: "kept" });
  expect(await store.fetch("a")).toEqual({ kind: "recalled", value: `${value}y` });
  expect(await store.park("d", value, HOUR)).toEqual({ kind: "kept" });
});

test("what has run out takes no room", async () => {
  const { store, pass } = open();
  const value = "x".repeat(8 * 1024);
  for (const key of ["a", "b", "c"]) await store.park(key, value, 1000);
  pass(1001);
  for (const key of ["d", "e", "f"]) expect(await store.park(key, value, 1000)).toEqual({ kind: "kept" });
});

test("a wait is as long as the window, whatever parts of a millisecond the clock shows", async () => {
  // (300.1644 + 1000) - 300.1644 is more than 1000.
  const store = createMemoryStore({ valueBytes: 1024, memoryBytes: 64 * 1024 }, () => 300.1644);
  const more = { key: "a", count: 1, amount: 2, perMs: 1000 };
  expect(await store.reserve([more])).toEqual({ kind: "over", index: 0, retryAfterMs: 1000 });
});
