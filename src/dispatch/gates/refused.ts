// A message that the policy let through and a gate does not, or only since a rule says `fails open`.
import type { Reservation } from "../../engine/decision.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import { placeText } from "../../engine/telling/record.ts";
import type { Judged } from "../judge.ts";

export interface Refused {
  readonly code: number;
  /** The rule that put the gate there. */
  readonly rule: string | undefined;
  /** Of that rule. */
  readonly place: Reservation["place"] | undefined;
  /** For the one who is refused; masked already. */
  readonly reason: string;
  /** For the operator, where it is another; masked already. */
  readonly recordReason?: string;
  readonly asError?: boolean;
  /** When it may be tried again. */
  readonly retryAfterMs?: number;
}

export function refused(judged: Judged, refusal: Refused): Judged {
  const { code, rule, place, reason, recordReason = reason, asError = false, retryAfterMs } = refusal;
  const { decision } = judged;
  const { place: _place, rule: _rule, limits: _limits, ...rest } = decision.record;
  const when = retryAfterMs !== undefined && { retryAfterMs };
  const isDropped = rest.kind === "notification";
  const verdict = isDropped ? "drop" : "block";
  const named = { ...(rule !== undefined && { rule }), ...(place !== undefined && { place: placeText(place) }) };
  const record = { ...rest, verdict, ...named, reason: recordReason, ...when } as const;
  return {
    ...judged,
    decision: { ...decision, verdict: "block", code, rule, reason, asError, question: undefined, retryAfterMs, record },
  };
}

/** It goes on all the same, and its record says whose wish that is. */
export function failedOpen(judged: Judged, rules: readonly string[]): Judged {
  const all = [...new Set([...(judged.decision.record.failedOpen ?? []), ...rules])];
  return recorded(judged, { failedOpen: all });
}

/** Its record says this too. */
export function recorded(judged: Judged, said: Partial<DecisionRecord>): Judged {
  const { decision } = judged;
  return { ...judged, decision: { ...decision, record: { ...decision.record, ...said } } };
}

/** Its record names no limit that it was counted for. */
export function uncountedFor(judged: Judged): Judged {
  const { decision } = judged;
  const { limits: _limits, ...record } = decision.record;
  return { ...judged, decision: { ...decision, record } };
}
