// Where a test stands: who is speaking, what time it is, what the servers have, and the message that came last.
import type { Facts, Principal, ReviewedThing } from "../../engine/facts.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { Outcome } from "./judge.ts";
import { NOBODY_OUTSIDE, type Outside } from "./outside.ts";
import type { Lists } from "./test-catalogue.ts";

export interface Conversation {
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly lists: Lists;
  readonly outside: Outside;
  /** The last message; absent before the first. */
  readonly outcome: Outcome | undefined;
  /** The request that a `reply` answers; absent when there is none, or it went nowhere. */
  readonly pending: Pending | undefined;
}

export interface Pending {
  readonly facts: Facts;
  /** `{method, params}` as it was sent. */
  readonly request: JsonObject;
  readonly thing: ReviewedThing | undefined;
  readonly tags: readonly string[];
  /** What `supply` wrote: masked in what goes back. */
  readonly secrets: readonly string[];
  /** Where its answer is kept, and for how long. */
  readonly keeping: { readonly key: string; readonly forMs: number; readonly isForAll: boolean } | undefined;
}

/** The conversation after a step, or why the test cannot go on. */
export type Played =
  | { readonly kind: "played"; readonly conversation: Conversation }
  | { readonly kind: "stuck"; readonly expected: string; readonly got: string };

export function openConversation(now: number): Conversation {
  const principal = { client: undefined, user: undefined, profile: undefined };
  return { principal, now, lists: [], outside: NOBODY_OUTSIDE, outcome: undefined, pending: undefined };
}
