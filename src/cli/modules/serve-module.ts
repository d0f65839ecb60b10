// `mcprules serve-module`: the rules as a module of another gateway, over stdio or HTTP.
import { resolve } from "node:path";
import { openDecisionLog } from "../../io/log/decision-log.ts";
import { isLoopback } from "../../io/http/gate.ts";
import { serveModule } from "../../io/module-host/serve-module.ts";
import { DEFAULTS } from "../../io/settings/settings.ts";
import { complainOf } from "../settings-for.ts";

export interface ServeModuleRequest {
  readonly rules: readonly string[];
  /** `[HOST:]PORT`, on this machine; absent: over stdio. */
  readonly http?: string;
}

/** The exit code, once the client has left or a signal came. */
export async function serveModuleCommand({ rules, http }: ServeModuleRequest): Promise<number> {
  const at = http === undefined ? { input: process.stdin, output: process.stdout } : addressOf(http);
  if (at === undefined) return complainOf(`error: \`--http ${http ?? ""}\` is no \`[HOST:]PORT\``, 2);
  if ("host" in at && !isLoopback(at.host)) return complainOf(OPEN, 2);
  const log = await openDecisionLog(DEFAULTS.log);
  const served = await serveModule({ rules: rules.map((path) => resolve(path)), log, at });
  if (typeof served === "string") return complainOf(served, 1);
  log.report(
    "info",
    `policy revision ${served.revision} is served as a module${served.url === undefined ? "" : ` at ${served.url}`}`,
  );
  const signalled = new Promise<void>((tell) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => tell());
  });
  await Promise.race([served.ended, signalled]);
  await served.close();
  await log.close();
  return 0;
}

const OPEN = `error: a module asks nobody who he is, so it is served on this machine only
   = help: \`--http 127.0.0.1:7332\`, behind a door of your own`;

function addressOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, host = "127.0.0.1", digits] = /^(?:(\[[\da-fA-F:.]+\]|[\w.-]+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  return { host: host.replaceAll(/[[\]]/g, ""), port };
}
