// What is kept in a real Redis: encrypted, for whoever has the key, and of no use anywhere else.
import { afterEach, describe, expect, test } from "vitest";
import { createRedisStore } from "../../../src/io/store/redis-store.ts";
import type { Store } from "../../../src/io/store/store.ts";
import { type RedisAddress, STORE_DEFAULTS } from "../../../src/io/store/store-settings.ts";
import { createValueSeal } from "../../../src/io/store/value-seal.ts";
import { hasNoRedis, RedisServer } from "./redis-server.ts";

const HOUR = 3_600_000;
const KEY = { id: "2026-11", secret: "k".repeat(32) };

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function start(): Promise<RedisServer> {
  const server = await RedisServer.start();
  opened.unshift(server);
  return server;
}

interface More {
  readonly keys?: readonly (typeof KEY)[];
}

function open(server: RedisAddress, { keys = [KEY] }: More = {}): Store {
  const settings = { ...STORE_DEFAULTS, timeoutMs: 5000, server };
  const store = createRedisStore(settings, createValueSeal(keys), () => undefined);
  opened.unshift(store);
  return store;
}

describe.skipIf(hasNoRedis)("values in a Redis", () => {
  const NEWER = { id: "2026-12", secret: "n".repeat(32) };
  const both = async (store: Store): Promise<readonly unknown[]> =>
    Promise.all([store.recall("answer"), store.fetch("result")]);
  const FOUND = [
    { kind: "recalled", value: "AKIA-SECRET" },
    { kind: "recalled", value: "AKIA-SECRET" },
  ];
  const NOTHING = [
    { kind: "recalled", value: undefined },
    { kind: "recalled", value: undefined },
  ];

  async function filled(more: More = {}): Promise<RedisServer> {
    const server = await start();
    const store = open(server.address, more);
    await store.keep("answer", "AKIA-SECRET", HOUR);
    await store.park("result", "AKIA-SECRET", HOUR);
    return server;
  }

  test("cannot be read there, nor told apart by their bytes", async () => {
    const server = await filled();
    const keys = server.ask("KEYS", "*").split("\n");
    const values = keys.map((key) => server.ask("GET", key));
    expect(keys).toHaveLength(2);
    expect(values.join()).not.toContain("SECRET");
    expect(new Set(values).size).toBe(2);
  });

  test.each<readonly [string, More, readonly unknown[]]>([
    ["has the same key", {}, FOUND],
    ["still has it besides a newer one", { keys: [NEWER, KEY] }, FOUND],
    ["has another key", { keys: [NEWER] }, NOTHING],
    ["has another key under the same name", { keys: [{ ...NEWER, id: KEY.id }] }, NOTHING],
    ["has none", { keys: [] }, NOTHING],
  ])("are read by a proxy that %s, or not", async (_what, more, expected) => {
    const server = await filled();
    expect(await both(open(server.address, more))).toEqual(expected);
  });

  test("of a proxy without keys are its own", async () => {
    const server = await filled({ keys: [] });
    expect(await both(open(server.address, { keys: [] }))).toEqual(NOTHING);
  });

  test.each<readonly [string, (server: RedisServer, cached: string, parked: string) => void]>([
    [
      "that lie elsewhere by now",
      (server, cached, parked) => [server.ask("RENAME", cached, parked), server.ask("SET", cached, "x")],
    ],
    [
      "that were changed",
      (server, cached, parked) => [cached, parked].map((key) => server.ask("SETRANGE", key, "30", "changed!")),
    ],
    [
      "that were made longer",
      (server, cached, parked) => [cached, parked].map((key) => server.ask("SETRANGE", key, "60", "x")),
    ],
    [
      "that are too short to be any",
      (server, cached, parked) => [cached, parked].map((key) => server.ask("SET", key, "1")),
    ],
    [
      "that lie there in clear",
      (server, cached, parked) => [cached, parked].map((key) => server.ask("SET", key, "AKIA-SECRET")),
    ],
    [
      "that are too long",
      (server, cached, parked) => [cached, parked].map((key) => server.ask("SETRANGE", key, "2000000", "x")),
    ],
  ])("%s are none", async (_what, change) => {
    const server = await filled();
    const keys = server.ask("KEYS", "*").split("\n");
    const [cached = "", parked = ""] = ["cache", "parked"].map((kind) => keys.find((key) => key.includes(kind)));
    change(server, cached, parked);
    expect(await both(open(server.address))).toEqual(NOTHING);
  });
});
