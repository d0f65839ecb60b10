// The store in a Redis or Valkey server, shared by all proxies that name it. Keys are hashes and values are sealed, since they may hold what is secret.
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { Share } from "../../dispatch/gates/store-need.ts";
import type { TagsAnswer } from "../../engine/need.ts";
import { amountFault, failed, lengthFault, wholeMs } from "./faults.ts";
import { RedisConnection, type Report } from "./redis-connection.ts";
import { MARK, RESERVE, TAGS } from "./redis-scripts.ts";
import type { Failed, KeepAnswer, RecallAnswer, ReserveAnswer, Store } from "./store.ts";
import type { RedisAddress, StoreSettings } from "./store-settings.ts";
import type { ValueSeal } from "./value-seal.ts";

export type RedisSettings = Pick<StoreSettings, "keyPrefix" | "timeoutMs" | "valueBytes"> & {
  readonly server: RedisAddress;
};

/** What sealing adds, and to spare. */
const SEALED_BYTES = 1024;

/** It connects at once, and again whenever it has to. */
export function createRedisStore(
  { server, keyPrefix, timeoutMs, valueBytes }: RedisSettings,
  seal: ValueSeal,
  report: Report,
): Store {
  const connection = new RedisConnection(server, timeoutMs, report);
  const keyOf = (kind: string, key: string): string =>
    `${keyPrefix}${kind}:${createHash("sha256").update(key).digest("base64url")}`;
  const put = async (place: string, value: string, forMs: number): Promise<KeepAnswer> =>
    lengthFault(value, valueBytes) ??
    kept(await connection.ask((redis) => redis.set(place, seal.seal(value, place), "PX", wholeMs(forMs))));
  const read = async (place: string, work: (redis: Redis) => Promise<Buffer | null>): Promise<RecallAnswer> => {
    const value = await connection.ask(work);
    if (isFailed(value)) return value;
    const isOurs = value !== null && value.length <= valueBytes + SEALED_BYTES;
    return { kind: "recalled", value: isOurs ? seal.open(value, place) : undefined };
  };
  const cached = (key: string): string => keyOf("cache", key);
  const parked = (key: string): string => keyOf("parked", key);
  return {
    isShared: true,
    get state() {
      return connection.state;
    },
    address: connection.address,
    get lastError() {
      return connection.lastError;
    },
    reserve: (reservations) => reserve(connection, reservations, keyOf),
    recall: (key) => read(cached(key), (redis) => redis.getBuffer(cached(key))),
    keep: (key, value, forMs) => put(cached(key), value, forMs),
    spend: async (token, forMs) => {
      const set = await connection.ask((redis) => redis.set(keyOf("spent", token), "1", "PX", wholeMs(forMs), "NX"));
      return isFailed(set) ? set : { kind: "spent", isFirst: set === "OK" };
    },
    mark: async (key, names, forMs) =>
      kept(await connection.ask((redis) => redis.eval(MARK, 1, keyOf("tags", key), wholeMs(forMs), ...names))),
    tags: (keys) =>
      tags(
        connection,
        keys.map((key) => keyOf("tags", key)),
      ),
    park: (key, value, forMs) => put(parked(key), value, forMs),
    fetch: (key) => read(parked(key), (redis) => redis.getdelBuffer(parked(key))),
    close: async () => connection.close(),
  };
}

async function reserve(
  connection: RedisConnection,
  reservations: readonly Share[],
  keyOf: (kind: string, key: string) => string,
): Promise<ReserveAnswer> {
  const fault = amountFault(reservations);
  if (fault !== undefined) return fault;
  const keys = reservations.map(({ key, perMs }) => keyOf("limit", `${perMs} ${key}`));
  const numbers = reservations.flatMap(({ count, amount, perMs }) => [count, amount, wholeMs(perMs)]);
  const answer = await connection.ask((redis) => redis.eval(RESERVE, keys.length, ...keys, ...numbers));
  if (isFailed(answer)) return answer;
  const [index, retryAfterMs] = listed(answer);
  if (typeof index !== "number" || typeof retryAfterMs !== "number")
    return failed("the store's answer is not understood");
  return index < 0 ? { kind: "reserved" } : { kind: "over", index, retryAfterMs };
}

async function tags(connection: RedisConnection, keys: readonly string[]): Promise<TagsAnswer> {
  if (keys.length === 0) return { kind: "tags", tags: [] };
  const answer = await connection.ask((redis) => redis.eval(TAGS, keys.length, ...keys));
  if (isFailed(answer)) return answer;
  return { kind: "tags", tags: [...new Set(listed(answer).map(String))] };
}

/** What a script returns. */
function listed(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : [];
}

function kept(answer: unknown): KeepAnswer {
  return isFailed(answer) ? answer : { kind: "kept" };
}

function isFailed(answer: unknown): answer is Failed {
  return typeof answer === "object" && answer !== null && "kind" in answer && answer.kind === "failed";
}
