// `mcprules run`: the proxy as a program, from its arguments to the end of its last server.
import { resolve } from "node:path";
import { writeCompiledCode } from "../io/code-cache.ts";
import { controlFolder } from "../io/control/control-folder.ts";
import { type DecisionLog, openDecisionLog } from "../io/decision-log.ts";
import { setUpForService } from "../io/engine-flags.ts";
import { drained } from "../io/log/stream-outlet.ts";
import type { Settings } from "../io/settings.ts";
import { type Proxy, type ProxyFace, startProxy } from "../serve.ts";
import { complainOf, settingsFor, type SettingsRequest } from "./settings-for.ts";
import { messageOf } from "../io/thrown.ts";

export interface RunRequest extends SettingsRequest {
  readonly rules?: readonly string[];
  /** `[HOST:]PORT`, or true: where the settings say. Absent: over stdio. */
  readonly http?: string | true;
  /** Of the settings. */
  readonly profile?: string;
}

/** The exit code. */
export async function run(request: RunRequest): Promise<number> {
  const found = await settingsFor(request, "mcprules run --rules PATH -- COMMAND ARG…");
  if (typeof found === "number") return found;
  const { http } = request;
  const settings = typeof http === "string" ? listeningAt(http, found) : found;
  if (settings === undefined) return complainOf(`error: \`--http ${String(http)}\` is no \`[HOST:]PORT\``, 2);
  let log: DecisionLog;
  try {
    log = await openDecisionLog(settings.log);
  } catch (error) {
    return complainOf(`error: the log cannot be opened: ${messageOf(error)}`, 1);
  }
  const rules = (request.rules ?? []).map((path) => resolve(path));
  const options = { settings, rules, log, profile: request.profile, control: controlFolder(process.env) };
  const started = await startProxy(
    http === undefined ? { ...options, input: process.stdin, output: process.stdout } : { ...options, door: "http" },
  );
  if (started.kind === "refused") return complainOf(started.report, 1);
  writeCompiledCode();
  setUpForService();
  const { proxy } = started;
  for (const face of proxy.faces) introduce(face, log);
  if (proxy.url === undefined && process.stdin.isTTY)
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

/** `7331`, `127.0.0.1:7331`, `[::1]:7331`; `undefined`: it is something else. */
function listeningAt(address: string, settings: Settings): Settings | undefined {
  const [, host, digits] = /^(?:(\[[\da-fA-F:.]+\]|[\w.-]+):)?(\d{1,5})$/.exec(address) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  const { listen } = settings;
  return { ...settings, listen: { ...listen, host: host?.replaceAll(/[[\]]/g, "") ?? listen.host, port } };
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
