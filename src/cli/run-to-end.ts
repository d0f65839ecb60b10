// The proxy as a program, from its settings to the end of its last server.
import { resolve } from "node:path";
import { isatty } from "node:tty";
import { writeCompiledCode } from "../io/code-cache.ts";
import { controlFolder } from "../io/control/control-folder.ts";
import { type DecisionLog, openDecisionLog } from "../io/log/decision-log.ts";
import { setUpForService } from "../io/engine-flags.ts";
import { ownInput } from "../io/pipes.ts";
import type { HeadStart } from "../io/servers/head-start.ts";
import { drained } from "../io/log/stream-outlet.ts";
import type { Settings } from "../io/settings/settings.ts";
import { type Proxy, type ProxyFace, startProxy } from "../serve.ts";
import { complainOf } from "./settings-for.ts";

export interface ProxyRequest {
  /** Policy files and folders besides those of the settings. */
  readonly rules?: readonly string[];
  /** Of the settings. */
  readonly profile?: string;
  readonly door: "stdio" | "http";
  readonly headStart: HeadStart | undefined;
}

/** The exit code. */
export async function runToEnd(
  settings: Settings,
  { profile, door, headStart, ...request }: ProxyRequest,
): Promise<number> {
  let log: DecisionLog;
  try {
    log = await openDecisionLog(settings.log);
  } catch (error) {
    return complainOf(`error: the log cannot be opened: ${error instanceof Error ? error.message : String(error)}`, 1);
  }
  const rules = (request.rules ?? []).map((path) => resolve(path));
  const options = { settings, rules, log, profile, control: controlFolder(process.env) };
  const started = await startProxy(
    door === "http" ? { ...options, door } : { ...options, door, input: ownInput(), output: process.stdout, headStart },
  );
  if (started.kind === "refused") return complainOf(started.report, 1);
  writeCompiledCode();
  setUpForService();
  const { proxy } = started;
  for (const face of proxy.faces) introduce(face, log);
  if (proxy.url === undefined && isatty(0))
    log.report(
      "info",
      "waiting for an MCP client on standard input; it is usually the client that starts this program",
    );
  const code = await untilTheEnd(proxy, log, settings.limits.lastAnswersMs);
  await Promise.all([drained(process.stdout), log.close()]);
  return code;
}

function introduce({ profile, url, servers, revision }: ProxyFace, log: DecisionLog): void {
  const which = profile === undefined ? "" : ` in profile ${profile}`;
  log.report("info", `policy revision ${revision()} is in force for ${servers.join(", ")}${which}`);
  if (url !== undefined) log.report("info", `MCP clients find it at ${url}`);
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * The exit code: 0 when the client leaves, as shells count it after a signal. A second signal ends everything at once.
 * `patienceMs`: how long a client that reads slowly gets for its last answers.
 */
async function untilTheEnd(proxy: Proxy, log: DecisionLog, patienceMs: number): Promise<number> {
  const signalled = new Promise<number>((tell) => {
    let isEnding = false;
    for (const [signal, number] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (isEnding) process.exit(128 + number);
        isEnding = true;
        tell(128 + number);
      });
    }
  });
  process.on("uncaughtException", (error) => {
    log.report("error", `a bug of mcprules: ${error.stack ?? error.message}`);
    process.exit(1);
  });
  const code = await Promise.race([signalled, proxy.ended.then(() => 0)]);
  // Whoever sends a signal will not wait long; who closes our stdin gives the servers their time to end by themselves.
  const closed = proxy.close({ haste: code !== 0 });
  if (code === 0) void signalled.then(() => proxy.close({ haste: true }));
  await closed;
  if (code === 0) await Promise.race([drained(process.stdout, patienceMs), signalled]);
  return code;
}
