// `mcprules status`: how a running proxy stands; for people, or as one JSON document.
import type { ProxyStatus } from "../../io/control/proxy-status.ts";
import { paintFor } from "../paint.ts";
import { renderStatus } from "./render-status.ts";
import { askRunning, type RunningRequest } from "./running-proxy.ts";
import { printJson } from "../print-json.ts";

export interface StatusRequest extends RunningRequest {
  readonly json?: boolean;
}

/** The exit code: 1 when no proxy could be asked, or a policy is stale. */
export async function status({ json, ...which }: StatusRequest): Promise<number> {
  const stale: string[] = [];
  const code = await askRunning(which, { command: "status" }, (answer) => {
    const known = answer as ProxyStatus;
    stale.push(...known.profiles.flatMap(({ policy }) => (policy.isStale ? [policy.revision] : [])));
    if (json === true) printJson(known);
    else process.stdout.write(renderStatus(known, paintFor(process.stdout)));
  });
  return code === 0 && stale.length > 0 ? 1 : code;
}
