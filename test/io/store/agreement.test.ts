// What memory answers, Redis answers too: on any sequence of what may be asked of a store.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMemoryStore } from "../../../src/io/store/memory-store.ts";
import { createRedisStore } from "../../../src/io/store/redis-store.ts";
import type { Store } from "../../../src/io/store/store.ts";
import { createValueSeal } from "../../../src/io/store/value-seal.ts";
import { STORE_DEFAULTS } from "../../../src/io/store/store-settings.ts";
import { hasNoRedis, RedisServer } from "./redis-server.ts";

type Step = (store: Store, run: number) => Promise<object>;

/** Long enough that none is over before a sequence is. */
const DAY = 86_400_000;
const SETTINGS = { ...STORE_DEFAULTS, valueBytes: 1024 };

const name = fc.constantFrom("a", "b", "__proto__", "ü");
const forMs = fc.constantFrom(DAY, DAY / 2);
const amount = fc.oneof(fc.constantFrom(0, 1, 2, -1), fc.double({ min: 0, max: 5, noNaN: true }));
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom("é".repeat(512), "é".repeat(513)),
);
const shares = fc.array(fc.record({ key: name, count: fc.constantFrom(0, 3, 10), amount, perMs: forMs }), {
  maxLength: 4,
});

/** The keys of one run are unknown in the next. */
const own = (run: number, key: string): string => `${run} ${key}`;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: shares.map(
      (all): Step =>
        (store, run) =>
          store.reserve(all.map((one) => ({ ...one, key: own(run, one.key) }))),
    ),
  },
  fc.tuple(name, text, forMs).map(
    ([key, value, ms]): Step =>
      (store, run) =>
        store.keep(own(run, key), value, ms),
  ),
  name.map(
    (key): Step =>
      (store, run) =>
        store.recall(own(run, key)),
  ),
  fc.tuple(name, forMs).map(
    ([key, ms]): Step =>
      (store, run) =>
        store.spend(own(run, key), ms),
  ),
  fc.tuple(name, fc.uniqueArray(fc.constantFrom("seen", "read", "sent"), { minLength: 1 }), forMs).map(
    ([key, names, ms]): Step =>
      (store, run) =>
        store.mark(own(run, key), names, ms),
  ),
  fc.array(name, { maxLength: 3 }).map(
    (keys): Step =>
      (store, run) =>
        store.tags(keys.map((key) => own(run, key))),
  ),
  fc.tuple(name, text, forMs).map(
    ([key, value, ms]): Step =>
      (store, run) =>
        store.park(own(run, key), value, ms),
  ),
  name.map(
    (key): Step =>
      (store, run) =>
        store.fetch(own(run, key)),
  ),
);

/** Times but for what passes between two stores that are asked one after the other; names in any order. */
function comparable(answer: object): object {
  const { retryAfterMs, tags, ...rest } = answer as { retryAfterMs?: number; tags?: readonly string[] };
  return {
    ...rest,
    ...(retryAfterMs === undefined ? {} : { retryAfter: Math.round(retryAfterMs / (DAY / 2)) }),
    ...(tags === undefined ? {} : { tags: tags.toSorted() }),
  };
}

describe.skipIf(hasNoRedis)("with a real Redis", () => {
  let server: RedisServer;
  let redis: Store;
  const memory = createMemoryStore(SETTINGS);
  beforeAll(async () => {
    server = await RedisServer.start("--appendonly", "no");
    redis = createRedisStore(
      { ...SETTINGS, timeoutMs: 5000, server: server.address },
      createValueSeal([]),
      () => undefined,
    );
  });
  afterAll(async () => {
    await redis.close();
    await server.close();
  });

  test("memory and Redis agree", { timeout: 60_000 }, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        run += 1;
        for (const one of steps) {
          const [here, there] = await Promise.all([one(memory, run), one(redis, run)]);
          expect(comparable(there)).toEqual(comparable(here));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
