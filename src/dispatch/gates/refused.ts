// A message that the policy let through and a gate does not.
import type { Judged } from "../judge.ts";

export interface Refused {
  readonly code: number;
  /** The rule that put the gate there. */
  readonly rule: string | undefined;
  /** For the one who is refused; masked already. */
  readonly reason: string;
  /** For the operator, where it is another; masked already. */
  readonly recordReason?: string;
  readonly asError?: boolean;
  /** When it may be tried again. */
  readonly retryAfterMs?: number;
}

export function refused(judged: Judged, refusal: Refused): Judged {
  const { code, rule, reason, recordReason = reason, asError = false, retryAfterMs } = refusal;
  const { decision } = judged;
  const { place: _place, rule: _rule, ...rest } = decision.record;
  const isDropped = rest.kind === "notification";
  const record = {
    ...rest,
    verdict: isDropped ? "drop" : "block",
    ...(rule !== undefined && { rule }),
    reason: recordReason,
  } as const;
  return {
    ...judged,
    decision: { ...decision, verdict: "block", code, rule, reason, asError, question: undefined, retryAfterMs, record },
  };
}
