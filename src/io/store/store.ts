// What proxies remember between messages and may share: counters, cached answers, spent tokens, lasting tags, parked results.
import type { Share, StoreAnswer } from "../../dispatch/gates/store-need.ts";
import type { TagsAnswer } from "../../engine/need.ts";

/** Whatever goes wrong is an answer too, within the deadline; nothing here throws or rejects. */
export interface Store extends StoreStanding {
  /**
   * Takes all of them or none: `amount` of the `count` that there are for each `perMs`, a time that begins with the first
   * reservation and is over for all of them at once. Another `perMs` is another counter.
   */
  reserve(reservations: readonly Share[]): Promise<ReserveAnswer>;
  /** What was kept under `key`, as long as it lasts; it may be gone earlier, to make room. */
  recall(key: string): Promise<RecallAnswer>;
  keep(key: string, value: string, forMs: number): Promise<KeepAnswer>;
  /** Whether it is the first time, until `forMs` is over. */
  spend(token: string, forMs: number): Promise<SpendAnswer>;
  /** Each name lasts as long as the mark of it that lasts longest. */
  mark(key: string, names: readonly string[], forMs: number): Promise<KeepAnswer>;
  /** The names under any of the keys. */
  tags(keys: readonly string[]): Promise<TagsAnswer>;
  /** As `keep`, and never gone earlier; `fetch` takes it away, so that one caller alone gets it. */
  park(key: string, value: string, forMs: number): Promise<KeepAnswer>;
  fetch(key: string): Promise<RecallAnswer>;
  close(): Promise<void>;
}

type Answered<Kind extends StoreAnswer["kind"]> = Extract<StoreAnswer, { kind: Kind }>;

export type Failed = Answered<"failed">;
/**
 * `over`: the first, in the order they came, that there is not enough left of; and when there is again, of all of them.
 * What asks for more than `count` is over at any time.
 */
export type ReserveAnswer = Answered<"reserved" | "over" | "failed">;
export type RecallAnswer = Answered<"recalled" | "failed">;
export type KeepAnswer = Answered<"kept" | "failed">;
export type SpendAnswer = Answered<"spent" | "failed">;

/** How it stands just now, for people; it changes as time goes by. */
export interface StoreStanding {
  /** Whether other processes see the same. */
  readonly isShared: boolean;
  readonly state: "up" | "down";
  /** Where it is, without what is secret about it; `undefined`: in this process. */
  readonly address: string | undefined;
  /** Why it was down the last time. */
  readonly lastError: string | undefined;
}
