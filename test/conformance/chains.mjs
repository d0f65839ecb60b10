// What stands at the address that the suite is given: the fixture alone, or one or two proxies in front of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PATIENCE_MS = 15_000;

/** Nothing of a run outlives it, however it ends. */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill();
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** What the settings say of a server that is to be spoken to as if it knew nothing newer. */
const LEGACY = { era: "legacy" };

/**
 * Each takes a stand (see `openStand`), starts what it needs there, and resolves with the address.
 * `stdio` and `HTTP` are ways to the fixture, which speaks both eras: the modern one with a proxy that may choose.
 * Two proxies rename everything there and back.
 */
export const CHAINS = {
  "proxy before stdio": (stand) => stand.proxy("open", stand.program()),
  "proxy before HTTP": async (stand) => stand.proxy("open", { url: await stand.fixture() }),
  "proxy before legacy stdio": (stand) => stand.proxy("open", stand.program(), LEGACY),
  "proxy before legacy HTTP": async (stand) => stand.proxy("open", { url: await stand.fixture() }, LEGACY),
  "two proxies before stdio": (stand) => stand.proxy("back", stand.wrapped("there", stand.program())),
  "two proxies before HTTP": async (stand) => {
    const inner = await stand.proxy("there", { url: await stand.fixture() });
    return stand.proxy("back", { url: inner });
  },
};

/** The same in front of a server that is there already, at `url`. */
export const CLIENT_CHAINS = {
  "one proxy": (stand, url) => stand.proxy("open", { url }),
  "two proxies": async (stand, url) => stand.proxy("back", { url: await stand.proxy("there", { url }) }),
};

/** The processes of one chain, and the folder with their settings. `cli`, `fixture`: the built programs. */
export function openStand({ cli, fixture }) {
  const children = [];
  const folder = mkdtempSync(join(tmpdir(), "mcprules-chain-"));
  const start = (args, stdio) => {
    const child = spawn(execPath, args, { stdio });
    running.add(child);
    child.on("close", () => running.delete(child));
    children.unshift(child);
    return child;
  };
  let count = 0;
  const runArguments = (policy, server, about = {}) => {
    count += 1;
    const settings = join(folder, `settings-${count}.json`);
    writeFileSync(
      settings,
      JSON.stringify({ mcpServers: { fixture: server }, mcprules: { servers: { fixture: about } } }),
    );
    return [cli, "run", "--config", settings, "--rules", policyFile(policy)];
  };
  return {
    /** The fixture over stdio, as an entry of settings. */
    program: () => ({ command: execPath, args: [fixture] }),
    /** The fixture over HTTP: its address. */
    fixture: async () => {
      const { stdout } = start([fixture, "--http"], ["ignore", "pipe", "inherit"]);
      const [url] = await once(createInterface({ input: stdout }), "line");
      return url;
    },
    /** A proxy over HTTP in front of one server: its address. */
    proxy: (policy, server, about) =>
      addressIn(start([...runArguments(policy, server, about), "--http", "127.0.0.1:0"], ["ignore", "ignore", "pipe"])),
    /** A proxy over stdio in front of one server, as an entry of settings. */
    wrapped: (policy, server) => ({ command: execPath, args: runArguments(policy, server) }),
    /** The first in the chain ends first. */
    end: async () => {
      for (const child of children) await endOf(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function policyFile(name) {
  return fileURLToPath(new URL(`policies/${name}.mcprules`, import.meta.url));
}

/** The log says where the proxy is found. */
function addressIn(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    setTimeout(() => reject(new Error(`the proxy does not listen:\n${said}`)), PATIENCE_MS).unref();
    child.stderr.on("data", (chunk) => {
      said += chunk;
      const url = /MCP clients find it at (http:[^"]+)"/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.on("close", () => reject(new Error(`the proxy ended:\n${said}`)));
  });
}

async function endOf(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "close");
}
