// The store in the memory of this process: for this proxy alone, and gone with it.
import { LRUCache } from "lru-cache";
import type { Share } from "../../dispatch/gates/store-need.ts";
import type { TagsAnswer } from "../../engine/need.ts";
import { ExpiringMap } from "./expiring-map.ts";
import { amountFault, failed, lengthFault, wholeMs } from "./faults.ts";
import type { KeepAnswer, ReserveAnswer, SpendAnswer, Store } from "./store.ts";
import type { StoreSettings } from "./store-settings.ts";

/** `now`: milliseconds, never backwards. */
export function createMemoryStore(
  settings: Pick<StoreSettings, "valueBytes" | "memoryBytes">,
  now: () => number = () => performance.now(),
): Store {
  const memory = new Memory(settings, now);
  return {
    isShared: false,
    state: "up",
    address: undefined,
    lastError: undefined,
    reserve: async (reservations) => memory.reserve(reservations),
    recall: async (key) => ({ kind: "recalled", value: memory.cached.get(key) }),
    keep: async (key, value, forMs) => memory.keep(key, value, forMs),
    spend: async (token, forMs) => memory.spend(token, forMs),
    mark: async (key, names, forMs) => memory.mark(key, names, forMs),
    tags: async (keys) => memory.tags(keys),
    park: async (key, value, forMs) => memory.park(key, value, forMs),
    fetch: async (key) => ({ kind: "recalled", value: memory.take(key) }),
    close: async () => undefined,
  };
}

/** Of each kind, so that whoever makes keys up cannot fill the memory. */
const MOST_ENTRIES = 100_000;
/** Of what holds one value, besides the value. */
const ENTRY_BYTES = 256;

class Memory {
  readonly cached: LRUCache<string, string>;
  private readonly settings: Pick<StoreSettings, "valueBytes" | "memoryBytes">;
  private readonly now: () => number;
  private readonly used = new ExpiringMap<number>(MOST_ENTRIES);
  private readonly spent = new ExpiringMap<true>(MOST_ENTRIES);
  private readonly marked = new ExpiringMap<ReadonlyMap<string, number>>(MOST_ENTRIES);
  private readonly parked: ExpiringMap<string>;

  constructor(settings: Pick<StoreSettings, "valueBytes" | "memoryBytes">, now: () => number) {
    this.settings = settings;
    // Of parts of a millisecond, a sum less one of its terms is not always the other: waits would be a millisecond too long.
    this.now = () => Math.floor(now());
    this.parked = new ExpiringMap(settings.memoryBytes);
    this.cached = new LRUCache({
      // Not a number of entries as well: it would set aside memory for all of them now.
      maxSize: settings.memoryBytes,
      sizeCalculation: weightOf,
      perf: { now },
      ttlResolution: 0,
    });
  }

  reserve(reservations: readonly Share[]): ReserveAnswer {
    const fault = amountFault(reservations);
    if (fault !== undefined) return fault;
    const now = this.now();
    const windows = new Map<string, { value: number; readonly endsAt: number }>();
    let over: { readonly index: number; readonly retryAfterMs: number } | undefined;
    for (const [index, { key, count, amount, perMs }] of reservations.entries()) {
      const known = `${perMs} ${key}`;
      const window = windows.get(known) ?? { value: 0, endsAt: now + wholeMs(perMs), ...this.used.get(known, now) };
      window.value += amount;
      windows.set(known, window);
      if (window.value <= count) continue;
      const wait = wholeMs(window.endsAt - now);
      over = { index: over?.index ?? index, retryAfterMs: Math.max(over?.retryAfterMs ?? 0, wait) };
    }
    return over === undefined ? this.count(windows, now) : { kind: "over", ...over };
  }

  keep(key: string, value: string, forMs: number): KeepAnswer {
    const fault = lengthFault(value, this.settings.valueBytes);
    if (fault !== undefined) return fault;
    this.cached.set(key, value, { ttl: wholeMs(forMs) });
    return { kind: "kept" };
  }

  spend(token: string, forMs: number): SpendAnswer {
    const now = this.now();
    if (this.spent.get(token, now) !== undefined) return { kind: "spent", isFirst: false };
    const isKept = this.spent.set(token, { value: true, endsAt: now + wholeMs(forMs) }, now);
    return isKept ? { kind: "spent", isFirst: true } : failed("there are too many spent tokens");
  }

  mark(key: string, names: readonly string[], forMs: number): KeepAnswer {
    const now = this.now();
    const endsAt = now + wholeMs(forMs);
    const before = this.marked.get(key, now);
    const marks = new Map([...(before?.value ?? [])].filter(([, end]) => end > now));
    for (const name of names) marks.set(name, Math.max(marks.get(name) ?? 0, endsAt));
    const lasting = { value: marks, endsAt: Math.max(before?.endsAt ?? 0, endsAt) };
    return this.marked.set(key, lasting, now) ? { kind: "kept" } : failed("there are too many tags that last");
  }

  tags(keys: readonly string[]): TagsAnswer {
    const now = this.now();
    const names = keys.flatMap((key) => {
      const marks = this.marked.get(key, now)?.value ?? new Map<string, number>();
      return [...marks].filter(([, endsAt]) => endsAt > now).map(([name]) => name);
    });
    return { kind: "tags", tags: [...new Set(names)] };
  }

  park(key: string, value: string, forMs: number): KeepAnswer {
    const fault = lengthFault(value, this.settings.valueBytes);
    if (fault !== undefined) return fault;
    const now = this.now();
    const isKept = this.parked.set(key, { value, endsAt: now + wholeMs(forMs) }, now, weightOf(value, key));
    return isKept ? { kind: "kept" } : failed("too much waits in memory");
  }

  take(key: string): string | undefined {
    const value = this.parked.get(key, this.now())?.value;
    this.parked.delete(key);
    return value;
  }

  /** There was enough of all of them. */
  private count(
    windows: ReadonlyMap<string, { readonly value: number; readonly endsAt: number }>,
    now: number,
  ): ReserveAnswer {
    if (!this.used.hasRoom(windows.size, now)) return failed("there are too many counters");
    for (const [key, window] of windows) this.used.set(key, window, now);
    return { kind: "reserved" };
  }
}

/** As it lies in memory: two bytes a character at the most. */
function weightOf(value: string, key: string): number {
  return 2 * (value.length + key.length) + ENTRY_BYTES;
}
