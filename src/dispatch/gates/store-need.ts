// What a message needs of what is remembered between messages - counters, cached answers, spent tokens, lasting tags, parked results - and what it is told.
import type { Reservation } from "../../engine/decision.ts";

export type StoreNeed =
  /** All of them, or none. */
  | { readonly kind: "reserve"; readonly reservations: readonly Share[] }
  /** What was kept, if it still is. */
  | { readonly kind: "recall"; readonly key: string }
  | { readonly kind: "keep"; readonly key: string; readonly value: string; readonly forMs: number }
  /** A token that is good once: whether it was used before. */
  | { readonly kind: "spend"; readonly token: string; readonly forMs: number }
  /** Tags that last. */
  | { readonly kind: "mark"; readonly key: string; readonly names: readonly string[]; readonly forMs: number }
  /** A value that waits for whoever comes for it, and `fetch` takes it away. */
  | { readonly kind: "park"; readonly key: string; readonly value: string; readonly forMs: number }
  | { readonly kind: "fetch"; readonly key: string };

export type Share = Pick<Reservation, "key" | "count" | "amount" | "perMs">;

export type StoreAnswer =
  | { readonly kind: "reserved" }
  /** `index`: the first share that there is not enough left for. */
  | { readonly kind: "over"; readonly index: number; readonly retryAfterMs: number }
  /** Of `recall` and `fetch`. */
  | { readonly kind: "recalled"; readonly value: string | undefined }
  /** Of `keep`, `mark` and `park`. */
  | { readonly kind: "kept" }
  | { readonly kind: "spent"; readonly isFirst: boolean }
  | { readonly kind: "failed"; readonly reason: string };
