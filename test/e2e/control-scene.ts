// A proxy over HTTP with a client, a runtime folder of its own for sockets, and the commands that speak to running proxies.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type Folder, openFolder } from "./folder.ts";
import { type HttpProxy, startHttpProxy } from "./http-proxy.ts";
import { ownServer } from "./programs.ts";

export const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const before = process.env["XDG_RUNTIME_DIR"];
export const runtime = openFolder();
beforeAll(() => {
  process.env["XDG_RUNTIME_DIR"] = runtime.at(".");
});
afterAll(() => {
  if (before === undefined) Reflect.deleteProperty(process.env, "XDG_RUNTIME_DIR");
  else process.env["XDG_RUNTIME_DIR"] = before;
});

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function mcprules(...args: readonly string[]): Run {
  return spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8" });
}

export function statusOf({ process: { pid } }: HttpProxy): StatusDocument {
  return JSON.parse(mcprules("status", "--json", "--pid", String(pid)).stdout) as StatusDocument;
}

interface StatusDocument {
  readonly pid: number;
  readonly profiles: readonly {
    readonly policy: Readonly<Record<string, unknown>> & { readonly revision: string };
    readonly servers: readonly Readonly<Record<string, unknown>>[];
    readonly sessions: readonly Readonly<Record<string, unknown>>[];
    readonly verdicts: Readonly<Record<string, number>>;
    readonly rules: readonly Readonly<Record<string, unknown>>[];
  }[];
}

export const POLICY = `mcprules 1

default allow

rule quiet
  when tools/call echo with secret "*"
  block "Keep it."

rule trial in shadow
  when tools/call slow
  block "One day."
`;

export interface Scene {
  readonly folder: Folder;
  readonly proxy: HttpProxy;
  readonly client: Client;
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<string>;
}

const running: HttpProxy[] = [];
afterEach(async () => {
  const proxies = running.splice(0);
  for (const { process } of proxies) process.kill();
  for (const { process } of proxies)
    if (process.exitCode === null && process.signalCode === null) await once(process, "exit");
});

export async function openScene(): Promise<Scene> {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", POLICY);
  folder.write("servers.json", JSON.stringify({ mcpServers: { own: ownServer() }, mcprules: { rules: ["rules"] } }));
  const proxy = await startHttpProxy("--config", folder.at("servers.json"));
  running.push(proxy);
  const client = new Client({ name: "e2e", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(proxy.url)));
  afterAll(() => client.close());
  const call = async (name: string, args: Record<string, unknown> = {}): Promise<string> => {
    const { content } = await client.callTool({ name, arguments: args }).catch((error: unknown) => ({
      content: [{ text: String(error) }],
    }));
    return (content as readonly { readonly text: string }[])[0]?.text ?? "";
  };
  return { folder, proxy, client, call };
}
