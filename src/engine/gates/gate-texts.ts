// What is told to one whose message a human or a limit keeps back.
import type { Declined } from "../decision-record.ts";

export function declinedReason(outcome: Declined): string {
  return DECLINED_REASONS[outcome];
}

const DECLINED_REASONS: Readonly<Record<Declined, string>> = {
  declined: "It was not approved: somebody declined it.",
  cancelled: "It was not approved: the question was dismissed.",
  expired: "It was not approved: nobody answered in time.",
  invalid: "It was not approved: no answer fits what would be done.",
  "too many open":
    "It needs somebody's approval, and too many questions wait already: try again once some are answered.",
  "no way to ask": "It needs somebody's approval, and nobody can be asked.",
};

/** `reason`: what the rule says of it. `retryAfterMs`: `undefined` where there never is room for so much. */
export function overReason(reason: string | undefined, rule: string, retryAfterMs: number | undefined): string {
  const text = reason ?? `Over the limit (${rule}).`;
  return retryAfterMs === undefined ? text : `${sentence(text)} Try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
}

function sentence(text: string): string {
  return /[.!?\u2026]$/.test(text) ? text : `${text}.`;
}
