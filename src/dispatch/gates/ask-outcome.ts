// What becomes of a message once a human has spoken, or nobody could be asked.
import type { Question } from "../../engine/decision.ts";
import type { ApprovalRecord } from "../../engine/decision-record.ts";
import { declinedReason } from "../../engine/gates/gate-texts.ts";
import { DECLINED } from "../../mcp/errors.ts";
import type { Judged } from "../judge.ts";
import type { Channel, Said } from "./approval.ts";
import { refused } from "./refused.ts";

/** Goes on as it was judged. `said`: `undefined` where no rule asks any more. */
export function approved(judged: Judged, said: Said | undefined): Judged {
  const { decision } = judged;
  const { answer, record } = decision;
  const verdict = answer === undefined ? "allow" : "answer";
  const noted = { ...record, verdict, ...(said !== undefined && { approval: recordOf(said) }) } as const;
  return { ...judged, decision: { ...decision, verdict, question: undefined, record: noted } };
}

export function declined(judged: Judged, question: Question, said: Said): Judged {
  const { outcome } = said;
  if (outcome === "approved") throw new Error("what is approved is not declined");
  const { rules, place } = question;
  const refusal = refused(judged, { code: DECLINED, rule: rules[0], place, reason: declinedReason(outcome) });
  const { decision } = refusal;
  const record = { ...decision.record, approval: recordOf(said) };
  return { ...refusal, decision: { ...decision, declined: outcome, record } };
}

export interface Open {
  readonly channel: Channel;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly digest: string;
}

/** Its answer comes with another message. */
export function open(judged: Judged, { channel, askedAt, digest }: Open): Judged {
  const { decision } = judged;
  const approval: ApprovalRecord = { channel, askedAt: timeOf(askedAt), outcome: "open", digest };
  return { ...judged, decision: { ...decision, record: { ...decision.record, verdict: "ask", approval } } };
}

function recordOf({ digest, outcome, channel, askedAt, decidedAt, by }: Said): ApprovalRecord {
  return {
    ...(channel !== undefined && { channel }),
    ...(askedAt !== undefined && { askedAt: timeOf(askedAt) }),
    decidedAt: timeOf(decidedAt),
    ...(by !== undefined && { by }),
    outcome,
    digest,
  };
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
