// `mcprules modules`: starts the modules of the settings, says what each declares, and ends them.
import { isInTime } from "../../io/in-time.ts";
import type { ModuleStatus } from "../../io/modules/create-modules.ts";
import type { HostSettings } from "../../io/modules/module-settings.ts";
import type { Hook } from "../../io/modules/wire.ts";
import { type Paint, paintFor, printable } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { complainOf, settingsFor } from "../settings-for.ts";

export interface ModulesRequest {
  readonly config?: string;
  readonly json?: boolean;
}

/** The first start may take so long, and a little. */
const PATIENCE_MS = 25_000;

/** The exit code: 1 when one of them does not come up, or offers nothing. */
export async function modules({ config, json }: ModulesRequest): Promise<number> {
  const request = { ...(config === undefined ? {} : { config }), name: "", command: [] };
  const settings = await settingsFor(request);
  if (typeof settings === "number") return settings;
  if (settings.modules === undefined) return complainOf(NO_MODULES, 2);
  const { createModules } = await import("../../io/modules/create-modules.ts");
  const said: string[] = [];
  const opened = createModules(settings.modules, {
    report: (_level, text) => void said.push(text),
    serverSaid: (who, line) => void said.push(`${who} | ${line}`),
  });
  await isInTime(PATIENCE_MS, opened.started);
  const list = opened.list();
  if (json === true) printJson({ modules: list.map(entryOf) });
  else {
    process.stdout.write(`${rendered(list, paintFor(process.stdout))}\n`);
    for (const line of said) process.stderr.write(`${printable(line)}\n`);
  }
  await opened.close();
  return list.every(({ state, interceptors }) => state.kind === "up" && interceptors.length > 0) ? 0 : 1;
}

const NO_MODULES = `error: the settings name no modules
   = help: \`"mcprules": {"modules": {"NAME": {"command": "node", "args": ["./module.mjs"]}}}\``;

function entryOf({ name, host, state, interceptors }: ModuleStatus): object {
  return { name, host: whereabouts(host), state, interceptors };
}

function rendered(list: readonly ModuleStatus[], paint: Paint): string {
  return list.flatMap((status) => moduleLines(status, paint)).join("\n");
}

function moduleLines({ name, host, state, interceptors }: ModuleStatus, paint: Paint): readonly string[] {
  const head = `${paint.bold(name)}  ${printable(whereabouts(host))}`;
  switch (state.kind) {
    case "up":
      return [`${head}  ${paint.green("up")}, MCP ${state.revision}`, ...declared(interceptors)];
    case "starting":
      return [`${head}  ${paint.yellow("starting")}`];
    case "down":
      return [`${head}  ${paint.red("down")}: ${printable(state.reason)}`];
  }
}

function declared(interceptors: ModuleStatus["interceptors"]): readonly string[] {
  if (interceptors.length === 0) return ["  offers nothing"];
  return interceptors.map(({ name, version, type, hooks, mode, failOpen }) => {
    const weaker = [...(mode === "audit" ? ["audit"] : []), ...(failOpen ? ["fail open"] : [])];
    const wish = weaker.length === 0 ? "" : ` (its author would have ${weaker.join(", ")}; the settings decide)`;
    return `  ${type.padEnd(10)} ${printable(name)}${version === undefined ? "" : ` ${printable(version)}`}: ${interests(hooks)}${wish}`;
  });
}

function interests(hooks: readonly Hook[]): string {
  if (hooks.length === 0) return "nothing";
  return printable(hooks.map(({ events, phase }) => `${phase}s of ${events.join(", ")}`).join("; "));
}

/** Headers and secrets are not shown. */
function whereabouts(host: HostSettings): string {
  switch (host.kind) {
    case "process":
      return [host.command, ...host.args].join(" ");
    case "http":
      return host.url;
    case "script":
      return host.path;
  }
}
