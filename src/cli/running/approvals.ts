// `mcprules approvals`, `approve` and `decline`: what a running proxy waits for somebody to approve, and what becomes of it.
import { userInfo } from "node:os";
import { type ApprovalSummary, chosen, type Decided } from "../../io/control/approvals.ts";
import { paintFor } from "../paint.ts";
import { renderApprovals, renderDecided } from "./render-approvals.ts";
import { askAll, askOne, type RunningRequest, type Told } from "./running-proxy.ts";
import { complainOf } from "../settings-for.ts";
import { messageOf } from "../../io/thrown.ts";
import { printJson } from "../print-json.ts";

export interface ApprovalsRequest extends RunningRequest {
  readonly json?: boolean;
}

/** Of all proxies. The exit code. */
export async function approvals({ json, ...which }: ApprovalsRequest): Promise<number> {
  const { told, code } = await askAll(which, { command: "approvals" });
  if (told.length === 0) return code;
  const waiting = told.flatMap(waitingAt).map(({ approval }) => approval);
  if (json === true) printJson(waiting);
  else process.stdout.write(renderApprovals(waiting, Date.now(), paintFor(process.stdout)));
  return code;
}

/** `id`: or how it begins. The exit code: 1 where nothing waits under that id in any proxy, or more than one does. */
export async function decide(id: string, approves: boolean, { json, ...which }: ApprovalsRequest): Promise<number> {
  if (id.trim() === "") return complainOf(NO_ID, 2);
  const { told, code } = await askAll(which, { command: "approvals" });
  if (told.length === 0) return code;
  try {
    const { path, id: whole } = chosen(told.flatMap(waitingAt), id);
    const decided = await askOne(path, { command: "decide", id: whole, approves, by: userInfo().username });
    if (typeof decided === "string") return complainOf(`error: ${decided}`, 1);
    if (json === true) printJson(decided);
    else process.stdout.write(renderDecided(decided as Decided, paintFor(process.stdout)));
    return 0;
  } catch (error) {
    return complainOf(`error: ${messageOf(error)}`, 1);
  }
}

const NO_ID = `error: an empty id is none
   = help: \`mcprules approvals\` shows the ids of what waits`;

interface Waiting {
  readonly id: string;
  readonly path: string;
  readonly approval: ApprovalSummary;
}

function waitingAt({ path, answer }: Told): readonly Waiting[] {
  const { approvals: waiting } = answer as { readonly approvals: readonly ApprovalSummary[] };
  return waiting.map((approval) => ({ id: approval.id, path, approval }));
}
