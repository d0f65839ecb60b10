// Eleven servers that people use, from npm: what each lists through the proxy is what it lists directly, byte for byte.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { installed } from "./installed.mjs";
import { LISTS, listsOf } from "./lists.mjs";

const OPEN = fileURLToPath(new URL("policies/open.mcprules", import.meta.url));

/** Name in the settings → package, with what it must be given to start. Nothing of it leaves this machine. */
const SERVERS = {
  everything: { from: "@modelcontextprotocol/server-everything" },
  files: { from: "@modelcontextprotocol/server-filesystem", args: ["served"] },
  memory: { from: "@modelcontextprotocol/server-memory", env: { MEMORY_FILE_PATH: "memory.json" } },
  thinking: { from: "@modelcontextprotocol/server-sequential-thinking" },
  browser: { from: "@playwright/mcp" },
  devtools: { from: "chrome-devtools-mcp", args: ["--no-usage-statistics"] },
  notion: { from: "@notionhq/notion-mcp-server", env: { NOTION_TOKEN: "none" } },
  github: { from: "@modelcontextprotocol/server-github" },
  pdf: { from: "@modelcontextprotocol/server-pdf", args: ["--stdio"] },
  shapes: { from: "@modelcontextprotocol/server-threejs", args: ["--stdio"] },
  docs: { from: "@upstash/context7-mcp" },
};

/** Yields `{ name, count, faults }` for each server, and for all of them behind one proxy. `cli`: the built proxy. */
export async function* compareLists(cli) {
  const packages = installed("servers");
  const folder = mkdtempSync(join(tmpdir(), "mcprules-servers-"));
  mkdirSync(join(folder, "served"));
  const behindProxy = (mcpServers) => {
    const settings = join(folder, "servers.json");
    writeFileSync(settings, JSON.stringify({ mcpServers }));
    return { command: execPath, args: [cli, "run", "--config", settings, "--rules", OPEN] };
  };
  try {
    const everybody = {};
    const together = Object.fromEntries(Object.keys(LISTS).map((method) => [method, []]));
    for (const [name, about] of Object.entries(SERVERS)) {
      const server = startable(packages, about);
      const both = [server, behindProxy({ [name]: server })];
      const [direct, proxied] = await Promise.all(both.map((one) => listsOf(one, folder)));
      yield comparison(name, direct, proxied);
      everybody[name] = server;
      for (const [method, entries] of Object.entries(direct)) together[method].push(...entries.filter(isThing));
    }
    yield comparison("all at once", together, await listsOf(behindProxy(everybody), folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startable(packages, { from, args = [], env = {} }) {
  const folder = join(packages, "node_modules", from);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const program = join(folder, Object.values(bin)[0]);
  return { command: execPath, args: [program, ...args], env };
}

function comparison(name, direct, proxied) {
  const count = Object.values(direct).flat().filter(isThing).length;
  const faults = Object.keys(LISTS).flatMap((method) => faultsOf(method, direct[method], proxied[method]));
  return { name, count, faults: count === 0 ? ["it lists nothing at all, so nothing was compared"] : faults };
}

/** What a server does not have, it answers with an error. */
function isThing(entry) {
  return entry.startsWith("{");
}

function faultsOf(method, direct, proxied) {
  const places = Array.from({ length: Math.max(direct.length, proxied.length) }, (_, at) => at);
  return places.flatMap((at) =>
    direct[at] === proxied[at]
      ? []
      : [`${method} [${at}]`, `  - direct   ${shown(direct[at])}`, `  + proxied  ${shown(proxied[at])}`],
  );
}

function shown(entry) {
  return entry === undefined ? "nothing" : entry.slice(0, 400);
}
