// `mcprules tail`: the decisions of a running proxy, as they are made; for people, or as JSON lines.
import { createHumanLines } from "../../io/log/human-log.ts";
import { entryOf } from "../../io/log/read-line.ts";
import { askRunning, type RunningRequest } from "./running-proxy.ts";

export interface TailRequest extends RunningRequest {
  readonly profile?: string;
  readonly level?: string;
  readonly method?: readonly string[];
  readonly server?: readonly string[];
  /** Tools, prompts and resources by their names. */
  readonly thing?: readonly string[];
  readonly from?: string;
  readonly verdict?: readonly string[];
  readonly reports?: boolean;
  readonly json?: boolean;
}

/** Resolves with the exit code when the proxy has ended, or nobody reads any more. */
export async function tail(request: TailRequest): Promise<number> {
  const { pid, profile, level, method, server, thing: name, from, verdict, reports, json } = request;
  const filter = { method, server, name, from, verdict };
  const isColoured = process.stdout.isTTY && !process.env["NO_COLOR"];
  const toText = createHumanLines(isColoured);
  // Whoever pipes this into `head` has seen enough.
  process.stdout.on("error", () => process.exit(0));
  const show = (line: unknown): void => {
    const entry = json === true ? undefined : entryOf(line);
    process.stdout.write(entry === undefined ? `${JSON.stringify(line)}\n` : toText(entry));
  };
  // Where nothing is decided nothing is shown, for as long as that goes on.
  const begin = (found: number): void => void process.stderr.write(`watching process ${found}\n`);
  const which = pid === undefined ? {} : { pid };
  return askRunning(which, { command: "tail", profile, level, reports, filter }, show, begin);
}
