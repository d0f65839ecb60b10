// `mcprules run`: the settings, and the servers started from them while all else is loaded.
import { existsSync } from "node:fs";
import { HeadStart } from "../io/servers/head-start.ts";
import type { Settings } from "../io/settings/settings.ts";
import { complainOf, settingsFor, type SettingsRequest } from "./settings-for.ts";

export interface RunRequest extends SettingsRequest {
  readonly rules?: readonly string[];
  /** `[HOST:]PORT`, or true: where the settings say. Absent: over stdio. */
  readonly http?: string | true;
  /** Of the settings. */
  readonly profile?: string;
}

/** The exit code. */
export async function run(request: RunRequest): Promise<number> {
  const stray = request.command.length > 0 ? undefined : strayWord(request.rules);
  if (stray !== undefined) return complainOf(sayStray(stray), 2);
  const found = await settingsFor(request, "mcprules run --rules PATH -- COMMAND ARG…");
  if (typeof found === "number") return found;
  const { http } = request;
  const settings = typeof http === "string" ? listeningAt(http, found) : found;
  if (settings === undefined) return complainOf(`error: \`--http ${String(http)}\` is no \`[HOST:]PORT\``, 2);
  // A server takes 0.1 s to come up, and so do we: before the rest of the program is loaded.
  const headStart = http === undefined ? new HeadStart(settings, request.profile, request.rules) : undefined;
  try {
    const { runToEnd } = await import("./run-to-end.ts");
    return await runToEnd(settings, { ...request, door: http === undefined ? "stdio" : "http", headStart });
  } finally {
    await headStart?.close();
  }
}

/** `--rules` takes all the words behind it: of a command without `--`, too. */
function strayWord([, ...rules]: readonly string[] = []): string | undefined {
  return rules.find((word) => !/\/|\.mcprules$/.test(word) && !existsSync(word));
}

function sayStray(word: string): string {
  return `error: unexpected \`${word}\`: write \`--\` before the command to wrap
   = help: as a path of rules, there is nothing called so here`;
}

/** `7331`, `127.0.0.1:7331`, `[::1]:7331`; `undefined`: it is something else. */
function listeningAt(address: string, settings: Settings): Settings | undefined {
  const [, host, digits] = /^(?:(\[[\da-fA-F:.]+\]|[\w.-]+):)?(\d{1,5})$/.exec(address) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  const { listen } = settings;
  return { ...settings, listen: { ...listen, host: host?.replaceAll(/[[\]]/g, "") ?? listen.host, port } };
}
