// What humans have said of the messages of one call. Each answer holds for one message: the one with this digest.
import type { Declined } from "../../engine/decision-record.ts";

/** Ways to a human. */
export type Channel = "elicitation" | "queue";

export interface AskingOptions {
  /** The first that can reach somebody is used. */
  readonly channels: readonly Channel[];
  /** How long there is for an answer, where the rule does not say. */
  readonly withinMs: number;
  /** Questions about one principal's messages that may be open at once. */
  readonly maxPending: number;
}

/** What holds where the settings say nothing. */
export const DEFAULT_ASKING: AskingOptions = { channels: ["elicitation", "queue"], withinMs: 120_000, maxPending: 5 };

/** What a human said, or that nobody did. Times in milliseconds since 1970. */
export interface Said {
  readonly digest: string;
  readonly outcome: "approved" | Declined;
  /** Absent: nobody was asked. */
  readonly channel?: Channel | undefined;
  readonly askedAt?: number | undefined;
  readonly decidedAt: number;
  readonly by?: string | undefined;
  /** Until when it holds. */
  readonly until: number;
}

/** How long what was said holds for the later rounds of the call, in milliseconds. */
export const HOLDS_FOR = 10 * 60 * 1000;

/** What was said of the message with this digest, if that still holds. */
export function saidOf(all: readonly Said[], digest: string, now: number): Said | undefined {
  return all.findLast((said) => said.digest === digest && said.until >= now);
}
