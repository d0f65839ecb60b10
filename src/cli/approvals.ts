// `mcprules approvals`, `approve` and `decline`: what a running proxy waits for somebody to approve, and what becomes of it.
import { userInfo } from "node:os";
import type { ApprovalSummary, Decided } from "../io/control/approvals.ts";
import { paintFor } from "./paint.ts";
import { renderApprovals, renderDecided } from "./render-approvals.ts";
import { askRunning, type RunningRequest } from "./running-proxy.ts";

export interface ApprovalsRequest extends RunningRequest {
  readonly json?: boolean;
}

/** The exit code. */
export async function approvals({ json, ...which }: ApprovalsRequest): Promise<number> {
  return askRunning(which, { command: "approvals" }, (answer) => {
    const { approvals: waiting } = answer as { readonly approvals: readonly ApprovalSummary[] };
    const text = renderApprovals(waiting, Date.now(), paintFor(process.stdout));
    process.stdout.write(json === true ? `${JSON.stringify(waiting, undefined, 2)}\n` : text);
  });
}

/** `id`: or how it begins. The exit code: 1 where nothing waits under that id. */
export async function decide(id: string, approves: boolean, { json, ...which }: ApprovalsRequest): Promise<number> {
  return askRunning(which, { command: "decide", id, approves, by: userInfo().username }, (answer) => {
    const decided = answer as Decided;
    const text = renderDecided(decided, paintFor(process.stdout));
    process.stdout.write(json === true ? `${JSON.stringify(decided, undefined, 2)}\n` : text);
  });
}
