// The command line from outside, in a folder of its own, before a server that lists what it is told to.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openFolder } from "../e2e/folder.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
export const OWN = fileURLToPath(new URL("../io/servers/listing-server.mjs", import.meta.url));
export const folder = openFolder();

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function mcprules(args: readonly string[], where = ".", env: Readonly<Record<string, string>> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder.at(where),
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

export function settings(servers: Readonly<Record<string, object>>, mcprules: object = {}): string {
  return JSON.stringify({ mcpServers: servers, mcprules });
}

export function tools(...described: readonly (string | readonly [string, object])[]): Readonly<Record<string, string>> {
  const listed = described.map((one) => {
    const [name, more] = typeof one === "string" ? [one, {}] : one;
    return Object.assign({ name, inputSchema: { type: "object", properties: { path: { type: "string" } } } }, more);
  });
  return { TOOLS: JSON.stringify(listed) };
}

export const EVOLVING = {
  command: process.execPath,
  args: [OWN],
  env: { TOOLS: "${TOOLS}", VERSION: "${VERSION:-1.0.0}" },
};
