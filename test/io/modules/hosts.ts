// Modules over real hosts, for tests: what they offer, calls of them, and their ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ModuleCall } from "../../../src/engine/need.ts";
import type { ModuleSettings } from "../../../src/io/modules/module-settings.ts";
import { createModules, type Modules } from "../../../src/io/modules/create-modules.ts";
import { modulesOf } from "../../../src/io/modules/read-settings.ts";
import { modulesSchema } from "../../../src/io/settings/modules.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";

const HOST = fileURLToPath(new URL("test-host.mjs", import.meta.url));

/** What the test host reads from its environment. */
export interface Script {
  readonly era?: "legacy" | "modern";
  readonly list?: readonly JsonObject[];
  readonly answers?: Readonly<Record<string, JsonObject>>;
  readonly [more: string]: JsonValue | undefined;
}

export function validator(name: string, more: JsonObject = {}): JsonObject {
  return { name, type: "validation", hooks: [{ events: ["tools/call"], phase: "request" }], ...more };
}

export function mutator(name: string, more: JsonObject = {}): JsonObject {
  return { name, type: "mutation", hooks: [{ events: ["tools/call"], phase: "request" }], ...more };
}

export function onStdio(script: Script): JsonObject {
  return { command: process.execPath, args: [HOST], env: { SCRIPT: JSON.stringify(script) } };
}

/** As they would stand in the settings. */
export function settingsOf(
  modules: JsonObject,
  environment: Readonly<Record<string, string>> = {},
): readonly ModuleSettings[] {
  return modulesOf(modulesSchema.parse(modules), { folder: process.cwd(), environment });
}

export interface Opened {
  readonly modules: Modules;
  readonly reports: string[];
  readonly said: string[];
}

export async function open(
  modules: JsonObject,
  limits: { deadlineMs?: number; maxBytes?: number } = {},
): Promise<Opened> {
  const reports: string[] = [];
  const said: string[] = [];
  const opened = createModules(
    { modules: settingsOf(modules), deadlineMs: 5000, maxBytes: 4_194_304, ...limits },
    { report: (_level, text) => void reports.push(text), serverSaid: (_server, text) => void said.push(text) },
  );
  await opened.started;
  return { modules: opened, reports, said };
}

export function callOf(over: Partial<ModuleCall> = {}): ModuleCall {
  return {
    module: "m",
    type: "validation",
    event: "tools/call",
    phase: "request",
    payload: { method: "tools/call", params: { name: "t", arguments: {} } },
    config: undefined,
    fails: undefined,
    isShadow: false,
    rule: "r",
    revision: "v",
    server: "s",
    from: "client",
    principal: { client: undefined, user: undefined, profile: undefined },
    request: undefined,
    now: Date.now(),
    ...over,
  };
}

/** The test host behind a port of its own. */
export async function onHttp(
  script: Script,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ url: string; said: string[]; child: ChildProcess }> {
  const child = spawn(process.execPath, [HOST], {
    env: { ...process.env, PORT: environment["PORT"] ?? "0", SCRIPT: JSON.stringify(script) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => void said.push(text));
  const [port] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  return { url: `http://127.0.0.1:${port.trim()}/mcp`, said, child };
}
