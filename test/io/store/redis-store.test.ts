// The store in a real Redis: exact among several proxies, answered in time when the server is gone or stands still, and well again by itself.
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { createRedisStore } from "../../../src/io/store/redis-store.ts";
import type { ReserveAnswer, Store } from "../../../src/io/store/store.ts";
import { type RedisAddress, STORE_DEFAULTS } from "../../../src/io/store/store-settings.ts";
import { createValueSeal } from "../../../src/io/store/value-seal.ts";
import { hasNoRedis, RedisServer } from "./redis-server.ts";
import { until } from "../../until.ts";

const HOUR = 3_600_000;
const TIMEOUT_MS = 300;
/** For timers and a machine that is busy. */
const SLACK_MS = 150;

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function start(...args: readonly string[]): Promise<RedisServer> {
  const server = await RedisServer.start(...args);
  opened.unshift(server);
  return server;
}

const KEY = { id: "2026-11", secret: "k".repeat(32) };

function open(address: RedisAddress, reports: string[] = [], more: Partial<typeof STORE_DEFAULTS> = {}): Store {
  const settings = { ...STORE_DEFAULTS, timeoutMs: TIMEOUT_MS, ...more, server: address };
  const store = createRedisStore(
    settings,
    createValueSeal([KEY]),
    (level, text) => void reports.push(`${level} ${text}`),
  );
  opened.unshift(store);
  return store;
}

const share = (count: number, key = "limit") => ({ key, count, amount: 1, perMs: HOUR });

async function timed<Answer>(work: Promise<Answer>): Promise<{ readonly answer: Answer; readonly ms: number }> {
  const started = performance.now();
  return { answer: await work, ms: performance.now() - started };
}

describe.skipIf(hasNoRedis)("several proxies", () => {
  test("with 64 callers at once hold one limit exactly", async () => {
    const server = await start();
    // How long they take is not what is asked here.
    const patient = { timeoutMs: 20_000 };
    const stores = [open(server.address, [], patient), open(server.address, [], patient)];
    const calls = async (store: Store): Promise<readonly ReserveAnswer[]> => {
      const answers: ReserveAnswer[] = [];
      for (let call = 0; call < 20; call += 1) answers.push(await store.reserve([share(500), share(10_000, "other")]));
      return answers;
    };
    const callers = Array.from({ length: 64 }, (_, index) => calls(stores[index % 2] as Store));
    const kinds = (await Promise.all(callers)).flat().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "reserved")).toHaveLength(500);
    expect(kinds.filter((kind) => kind === "over")).toHaveLength(64 * 20 - 500);
    const [left] = await Promise.all([stores[0]?.reserve([share(10_000 - 500 + 1, "other")]), delay(0)]);
    expect(left).toEqual({ kind: "reserved" });
  });

  test("see each other's tokens, tags, cached and parked values", async () => {
    const server = await start();
    const [one, other] = [open(server.address), open(server.address)];
    await one.spend("token", HOUR);
    await one.mark("ada", ["seen"], HOUR);
    await one.keep("answer", "42", HOUR);
    await one.park("result", "43", HOUR);
    expect(await other.spend("token", HOUR)).toEqual({ kind: "spent", isFirst: false });
    expect(await other.tags(["ada"])).toEqual({ kind: "tags", tags: ["seen"] });
    expect(await other.recall("answer")).toEqual({ kind: "recalled", value: "42" });
    expect(await other.fetch("result")).toEqual({ kind: "recalled", value: "43" });
    expect(await one.fetch("result")).toEqual({ kind: "recalled", value: undefined });
  });

  test("with prefixes of their own, or in another database, share nothing", async () => {
    const server = await start();
    const stores = [
      open(server.address),
      open(server.address, [], { keyPrefix: "ours:" }),
      open({ ...server.address, database: 3 }),
    ];
    for (const store of stores) expect(await store.spend("token", HOUR)).toEqual({ kind: "spent", isFirst: true });
  });
});

describe.skipIf(hasNoRedis)("what lies there", () => {
  test("has the prefix, tells nothing of what it is kept under, and runs out", async () => {
    const server = await start();
    const store = open(server.address);
    const secret = "AKIA-SECRET";
    await store.reserve([share(5, secret)]);
    await store.spend(secret, HOUR);
    await store.mark(secret, ["seen"], HOUR);
    await store.keep(secret, "value", HOUR);
    await store.park(secret, "value", HOUR);
    const keys = server.ask("KEYS", "*").split("\n");
    expect(keys.map((key) => key.split(":").slice(0, -1).join(":")).toSorted()).toEqual([
      "mcprules:cache",
      "mcprules:limit",
      "mcprules:parked",
      "mcprules:spent",
      "mcprules:tags",
    ]);
    expect(keys.join()).not.toContain("SECRET");
    for (const key of keys) {
      const left = Number(server.ask("PTTL", key));
      expect(left).toBeGreaterThan(HOUR - 60_000);
      expect(left).toBeLessThanOrEqual(HOUR);
    }
  });
});

describe.skipIf(hasNoRedis)("a server that is gone", () => {
  test("is waited for at the start as long as one answer may take, and found when it comes", async () => {
    const server = await start();
    await server.kill();
    const { port } = server;
    const reports: string[] = [];
    const store = open(server.address, reports);
    const first = await timed(store.reserve([share(1)]));
    expect(first.answer).toEqual({
      kind: "failed",
      reason: `the store at 127.0.0.1:${port} cannot be reached: ECONNREFUSED`,
    });
    expect(first.ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    const later = await timed(store.recall("anything"));
    expect(later.answer).toMatchObject({ kind: "failed" });
    expect(later.ms).toBeLessThan(SLACK_MS);
    expect(store).toMatchObject({ isShared: true, state: "down", lastError: "ECONNREFUSED" });
    await server.start();
    await until(() => store.state === "up");
    expect(await store.reserve([share(1)])).toEqual({ kind: "reserved" });
    expect(reports).toEqual([
      `warn the store at 127.0.0.1:${port} cannot be reached: ECONNREFUSED; what needs it is refused until it is back`,
      `info the store at 127.0.0.1:${port} is back`,
    ]);
  });

  test("killed in the middle and started again: each answer is in time, nothing is counted twice, and it heals", async () => {
    const server = await start();
    const reports: string[] = [];
    const stores = [open(server.address, reports), open(server.address, reports)];
    const count = 400;
    const given = { reserved: 0, over: 0, failed: 0 };
    let slowest = 0;
    let isOver = false;
    const caller = async (store: Store): Promise<void> => {
      while (!isOver) {
        const { answer, ms } = await timed(store.reserve([share(count)]));
        given[answer.kind] += 1;
        slowest = Math.max(slowest, ms);
        await delay(20);
      }
    };
    const callers = Array.from({ length: 64 }, (_, index) => caller(stores[index % 2] as Store));
    await until(() => given.reserved > 100);
    const warnings = (): number => reports.filter((report) => report.startsWith("warn")).length;
    const warnedBefore = warnings();
    await server.kill();
    const before = given.reserved;
    await until(() => given.failed > 200);
    // Each store, once; a busy machine may have kept an answer from it before, or will later.
    expect(warnings() - warnedBefore).toBe(2);
    expect(given.reserved).toBe(before);
    expect(stores.map(({ state }) => state)).toEqual(["down", "down"]);
    await server.start();
    // Each store finds its own way back: one may answer its callers while the other still waits to try again.
    await until(() => given.over > 200 && stores.every(({ state }) => state === "up"));
    isOver = true;
    await Promise.all(callers);
    expect(slowest).toBeLessThan(TIMEOUT_MS + 2 * SLACK_MS);
    // Whoever was not told may have been counted: at most those that were under way.
    expect(given.reserved).toBeLessThanOrEqual(count);
    expect(given.reserved).toBeGreaterThanOrEqual(count - 64);
    expect(reports.filter((report) => report.startsWith("info"))).toHaveLength(warnings());
  });

  test("is not seen in a server whose answer was there before this process had time to read it", async () => {
    const server = await start();
    const reports: string[] = [];
    const store = open(server.address, reports);
    expect(await store.reserve([share(2)])).toEqual({ kind: "reserved" });
    const asked = store.reserve([share(2)]);
    for (const end = performance.now() + TIMEOUT_MS + SLACK_MS; performance.now() < end;);
    expect(await asked).toEqual({ kind: "reserved" });
    expect(await store.reserve([share(2)])).toMatchObject({ kind: "over" });
    expect(reports).toEqual([]);
  });

  test("a connection that breaks is made again before anybody notices", async () => {
    const server = await start();
    const store = open(server.address);
    expect(await store.reserve([share(2)])).toEqual({ kind: "reserved" });
    server.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await until(() => store.state === "down");
    expect(await store.reserve([share(2)])).toEqual({ kind: "reserved" });
    expect(await store.reserve([share(2)])).toMatchObject({ kind: "over" });
  });
});

describe.skipIf(hasNoRedis)("a server that stands still", () => {
  test("fails what is asked in time, takes no more, and is well when it goes on", async () => {
    const server = await start();
    onTestFinished(() => server.thaw());
    const store = open(server.address);
    expect(await store.spend("first", HOUR)).toEqual({ kind: "spent", isFirst: true });
    server.freeze();
    const asked = await Promise.all(Array.from({ length: 64 }, () => timed(store.reserve([share(1000)]))));
    for (const { answer, ms } of asked) {
      expect(answer).toMatchObject({ kind: "failed", reason: expect.stringContaining("no answer within 300 ms") });
      expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    }
    await until(() => store.state === "down");
    await delay(TIMEOUT_MS);
    const late = await timed(store.reserve([share(1000)]));
    expect(late.answer).toMatchObject({ kind: "failed" });
    expect(late.ms).toBeLessThan(SLACK_MS);
    server.thaw();
    await until(() => store.state === "up");
    expect(await store.spend("first", HOUR)).toEqual({ kind: "spent", isFirst: false });
    expect(await store.reserve([share(1000)])).toEqual({ kind: "reserved" });
  });

  test("keeps nobody who closes the store", async () => {
    const server = await start();
    onTestFinished(() => server.thaw());
    const store = open(server.address);
    await store.recall("anything");
    server.freeze();
    const waiting = timed(store.recall("anything"));
    await store.close();
    const { answer, ms } = await waiting;
    expect(answer).toMatchObject({ kind: "failed" });
    expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    expect(await store.recall("anything")).toMatchObject({ kind: "failed" });
  });
});

describe.skipIf(hasNoRedis)("what the server refuses", () => {
  test("is said, without the password", async () => {
    const server = await start("--requirepass", "s3cr3t");
    const reports: string[] = [];
    const store = open({ ...server.address, password: "not-s3cr3t" }, reports);
    await until(() => reports.length > 0);
    expect(await store.recall("anything")).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("WRONGPASS"),
    });
    expect(JSON.stringify([reports, store.lastError])).not.toContain("s3cr3t");
    expect(await open({ ...server.address, password: "s3cr3t" }).recall("x")).toMatchObject({ kind: "recalled" });
  });

  test("is said without what was asked", async () => {
    const server = await start("--rename-command", "GETDEL", "");
    const answer = await open(server.address).fetch("key");
    expect(answer).toMatchObject({ kind: "failed", reason: expect.stringMatching(/unknown command '?.?getdel.?$/i) });
  });

  test("fails the one that asked, and the store stays up", async () => {
    const server = await start("--maxmemory", "1", "--maxmemory-policy", "noeviction");
    const store = open(server.address);
    expect(await store.keep("key", "value", HOUR)).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("OOM"),
    });
    expect(await store.reserve([share(1)])).toMatchObject({ kind: "failed" });
    expect(store.state).toBe("up");
  });
});
