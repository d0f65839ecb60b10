// What every store does, in memory or in a real Redis: one table of laws, asked of both.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Share } from "../../../src/dispatch/gates/store-need.ts";
import { createMemoryStore } from "../../../src/io/store/memory-store.ts";
import { createRedisStore } from "../../../src/io/store/redis-store.ts";
import type { Store } from "../../../src/io/store/store.ts";
import { createValueSeal } from "../../../src/io/store/value-seal.ts";
import { STORE_DEFAULTS } from "../../../src/io/store/store-settings.ts";
import { hasNoRedis, RedisServer } from "./redis-server.ts";

interface Kind {
  readonly name: string;
  readonly isLeftOut: boolean;
  readonly open: () => Promise<{ readonly store: Store; readonly close: () => Promise<void> }>;
}

const KINDS: readonly Kind[] = [
  {
    name: "in memory",
    isLeftOut: false,
    open: async () => ({ store: createMemoryStore(STORE_DEFAULTS), close: async () => undefined }),
  },
  {
    name: "in Redis",
    isLeftOut: hasNoRedis,
    open: async () => {
      const server = await RedisServer.start();
      return {
        store: createRedisStore({ ...STORE_DEFAULTS, server: server.address }, createValueSeal([]), () => undefined),
        close: () => server.close(),
      };
    },
  },
];

const HOUR = 3_600_000;
const RESERVED = { kind: "reserved" };

let fresh = 0;
function key(): string {
  fresh += 1;
  return `key ${fresh}`;
}

function share(of: Partial<Share>): Share {
  return { key: "", count: 1, amount: 1, perMs: HOUR, ...of };
}

describe.each(KINDS)("$name", ({ open, isLeftOut }) => {
  let opened: Awaited<ReturnType<Kind["open"]>> | undefined;
  let store: Store;
  beforeAll(async () => {
    if (isLeftOut) return;
    opened = await open();
    store = opened.store;
  });
  afterAll(async () => {
    await opened?.store.close();
    await opened?.close();
  });

  describe.skipIf(isLeftOut)("counters", () => {
    test("give out what there is, and no more", async () => {
      const one = share({ key: key(), count: 3 });
      for (let taken = 0; taken < 3; taken += 1) expect(await store.reserve([one])).toEqual(RESERVED);
      expect(await store.reserve([one])).toMatchObject({ kind: "over", index: 0 });
    });

    test("count values as well as messages, down to fractions", async () => {
      const of = (amount: number): readonly Share[] => [share({ key: "amounts", count: 10, amount })];
      expect(await store.reserve(of(7.5))).toEqual(RESERVED);
      expect(await store.reserve(of(2.75))).toMatchObject({ kind: "over" });
      expect(await store.reserve(of(2.5))).toEqual(RESERVED);
      expect(await store.reserve(of(0))).toEqual(RESERVED);
      expect(await store.reserve(of(0.000_001))).toMatchObject({ kind: "over" });
    });

    test("add as JavaScript does", async () => {
      const of = (amount: number): readonly Share[] => [share({ key: "doubles", count: 0.6, amount })];
      for (const amount of [0.1, 0.2]) expect(await store.reserve(of(amount))).toEqual(RESERVED);
      expect(0.1 + 0.2 + 0.3).toBeGreaterThan(0.6);
      expect(await store.reserve(of(0.3))).toMatchObject({ kind: "over" });
    });

    test("take all or none, and tell of the first that is over", async () => {
      const [roomy, tight] = [share({ key: key(), count: 5 }), share({ key: key(), count: 1 })];
      expect(await store.reserve([roomy, tight])).toEqual(RESERVED);
      expect(await store.reserve([roomy, tight])).toMatchObject({ kind: "over", index: 1 });
      expect(await store.reserve([{ ...roomy, amount: 4 }])).toEqual(RESERVED);
      expect(await store.reserve([roomy, tight])).toMatchObject({ kind: "over", index: 0 });
    });

    test("count what names one of them twice as often", async () => {
      const one = share({ key: key(), count: 3 });
      expect(await store.reserve([one, one])).toEqual(RESERVED);
      expect(await store.reserve([one, one])).toMatchObject({ kind: "over", index: 1 });
      expect(await store.reserve([one])).toEqual(RESERVED);
    });

    test("say when there is enough again, of all that is over", async () => {
      const [soon, late] = [share({ key: key(), perMs: 5000 }), share({ key: key(), perMs: HOUR })];
      await store.reserve([soon, late]);
      await delay(30);
      const answer = await store.reserve([soon, late]);
      expect(answer).toMatchObject({ kind: "over", index: 0 });
      const { retryAfterMs } = answer.kind === "over" ? answer : { retryAfterMs: 0 };
      expect(retryAfterMs).toBeGreaterThan(HOUR - 5000);
      expect(retryAfterMs).toBeLessThanOrEqual(HOUR - 25);
    });

    test("begin anew when their time is over, and not before", async () => {
      const one = share({ key: key(), perMs: 300 });
      expect(await store.reserve([one])).toEqual(RESERVED);
      const answer = await store.reserve([one]);
      expect(answer).toMatchObject({ kind: "over" });
      await delay((answer.kind === "over" ? answer.retryAfterMs : 0) + 2);
      expect(await store.reserve([one])).toEqual(RESERVED);
      expect(await store.reserve([one])).toMatchObject({ kind: "over" });
    });

    test("do not last longer because more is taken", async () => {
      const one = share({ key: key(), count: 2, perMs: 300 });
      await store.reserve([one]);
      await delay(200);
      await store.reserve([one]);
      await delay(130);
      expect(await store.reserve([one])).toEqual(RESERVED);
    });

    test("are others for another time, and the same for another count", async () => {
      const one = share({ key: key() });
      await store.reserve([one]);
      expect(await store.reserve([{ ...one, perMs: HOUR / 2 }])).toEqual(RESERVED);
      expect(await store.reserve([{ ...one, count: 2 }])).toEqual(RESERVED);
      expect(await store.reserve([{ ...one, count: 2 }])).toMatchObject({ kind: "over" });
    });

    test("what asks for more than there ever is, is over and takes nothing", async () => {
      const one = share({ key: key(), count: 3, perMs: 1000 });
      expect(await store.reserve([{ ...one, amount: 4 }])).toEqual({ kind: "over", index: 0, retryAfterMs: 1000 });
      expect(await store.reserve([{ ...one, amount: 3 }])).toEqual(RESERVED);
    });

    test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("an amount of %d is no amount", async (amount) => {
      expect(await store.reserve([share({ key: "no amount", amount })])).toMatchObject({ kind: "failed" });
    });

    test("nothing is reserved by asking for nothing", async () => {
      expect(await store.reserve([])).toEqual(RESERVED);
    });

    test("64 callers at once get what there is, each once", async () => {
      const one = share({ key: key(), count: 40 });
      const answers = await Promise.all(Array.from({ length: 64 }, () => store.reserve([one])));
      expect(answers.filter(({ kind }) => kind === "reserved")).toHaveLength(40);
      expect(answers.filter(({ kind }) => kind === "over")).toHaveLength(24);
    });
  });

  describe.skipIf(isLeftOut)("cached values", () => {
    test("are what was kept last, as long as it lasts", async () => {
      const name = key();
      expect(await store.recall(name)).toEqual({ kind: "recalled", value: undefined });
      expect(await store.keep(name, "one", HOUR)).toEqual({ kind: "kept" });
      expect(await store.keep(name, "zwö\u0000 \ud83d\ude00", 150)).toEqual({ kind: "kept" });
      expect(await store.recall(name)).toEqual({ kind: "recalled", value: "zwö\u0000 \ud83d\ude00" });
      expect(await store.recall(name)).toMatchObject({ kind: "recalled", value: expect.any(String) });
      await delay(170);
      expect(await store.recall(name)).toEqual({ kind: "recalled", value: undefined });
    });

    test.each([
      ["a".repeat(STORE_DEFAULTS.valueBytes), "kept"],
      ["a".repeat(STORE_DEFAULTS.valueBytes + 1), "failed"],
      ["ä".repeat(STORE_DEFAULTS.valueBytes / 2), "kept"],
      ["ä".repeat(STORE_DEFAULTS.valueBytes / 2) + "a", "failed"],
      ["", "kept"],
    ])("are no longer than the settings say, in bytes (%#)", async (value, kind) => {
      const name = key();
      expect(await store.keep(name, value, HOUR)).toMatchObject({ kind });
      expect(await store.park(name, value, HOUR)).toMatchObject({ kind });
      const expected = kind === "kept" ? value : undefined;
      expect(await store.recall(name)).toEqual({ kind: "recalled", value: expected });
      expect(await store.fetch(name)).toEqual({ kind: "recalled", value: expected });
    });
  });

  describe.skipIf(isLeftOut)("tokens", () => {
    test("are spent once, whoever tries how often", async () => {
      const token = key();
      const answers = await Promise.all(Array.from({ length: 32 }, () => store.spend(token, HOUR)));
      expect(answers.filter((answer) => answer.kind === "spent" && answer.isFirst)).toHaveLength(1);
      expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(["spent"]));
    });

    test("are forgotten when nobody could use them any more", async () => {
      const token = key();
      expect(await store.spend(token, 100)).toEqual({ kind: "spent", isFirst: true });
      expect(await store.spend(token, HOUR)).toEqual({ kind: "spent", isFirst: false });
      await delay(120);
      expect(await store.spend(token, 100)).toEqual({ kind: "spent", isFirst: true });
    });
  });

  describe.skipIf(isLeftOut)("tags that last", () => {
    test("are those of any of the keys, each once", async () => {
      const [ada, others, nobody] = [key(), key(), key()];
      expect(await store.mark(ada, ["read_secrets", "seen"], HOUR)).toEqual({ kind: "kept" });
      expect(await store.mark(others, ["seen"], HOUR)).toEqual({ kind: "kept" });
      const tagsOf = async (...keys: readonly string[]): Promise<readonly string[]> => {
        const answer = await store.tags(keys);
        return answer.kind === "tags" ? answer.tags.toSorted() : [answer.reason];
      };
      expect(await tagsOf(ada, others, nobody)).toEqual(["read_secrets", "seen"]);
      expect(await tagsOf(others)).toEqual(["seen"]);
      expect(await tagsOf(nobody)).toEqual([]);
      expect(await tagsOf()).toEqual([]);
    });

    test("each name lasts as long as its longest mark", async () => {
      const name = key();
      await store.mark(name, ["long"], HOUR);
      await store.mark(name, ["long", "short"], 100);
      await store.mark(name, ["longer"], 100);
      await store.mark(name, ["longer"], HOUR);
      await delay(120);
      const answer = await store.tags([name]);
      expect(answer.kind === "tags" && answer.tags.toSorted()).toEqual(["long", "longer"]);
    });
  });

  describe.skipIf(isLeftOut)("parked values", () => {
    test("are fetched by one caller alone", async () => {
      const name = key();
      expect(await store.park(name, "result", HOUR)).toEqual({ kind: "kept" });
      const answers = await Promise.all(Array.from({ length: 16 }, () => store.fetch(name)));
      expect(answers.filter((answer) => answer.kind === "recalled" && answer.value === "result")).toHaveLength(1);
      expect(await store.fetch(name)).toEqual({ kind: "recalled", value: undefined });
    });

    test("are gone when their time is over, and are no cached values", async () => {
      const name = key();
      await store.park(name, "result", 100);
      expect(await store.recall(name)).toEqual({ kind: "recalled", value: undefined });
      await delay(120);
      expect(await store.fetch(name)).toEqual({ kind: "recalled", value: undefined });
    });
  });
});
