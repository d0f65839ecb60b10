// `mcprules rollback`: an earlier policy is in force again in a running proxy, until its files change.
import { askRunning, type RunningRequest } from "./running-proxy.ts";

export interface RollbackRequest extends RunningRequest {
  /** Its id or how that begins; `undefined`: the one before. */
  readonly revision: string | undefined;
  readonly profile?: string;
  readonly json?: boolean;
}

/** The exit code. */
export async function rollback({ revision, profile, json, ...which }: RollbackRequest): Promise<number> {
  const request = {
    command: "rollback",
    ...(revision === undefined ? {} : { revision }),
    ...(profile === undefined ? {} : { profile }),
  };
  return askRunning(which, request, (answer) => {
    const { from, to } = answer as { readonly from: string; readonly to: string };
    const text = `policy revision ${to} is in force again, until the files change (before: ${from})`;
    process.stdout.write(`${json === true ? JSON.stringify({ from, to }) : text}\n`);
  });
}
