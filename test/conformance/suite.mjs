// The official conformance suite: run against one address, its checks brought home as a map.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { installed } from "./installed.mjs";

/** What is run against a server: name → package and arguments. */
export const SERVER_SUITES = {
  "2025-11-25": { version: "both-eras", args: ["--requirements", "2025-11-25"] },
  "2026-07-28": { version: "both-eras", args: ["--requirements", "2026-07-28"] },
  "0.1.16": { version: "stable", args: [] },
};

/** What is run against a client: the suite has a server for each scenario, and starts the client itself. */
export const CLIENT_SUITES = {
  "client 2025-11-25": { version: "both-eras", args: ["--suite", "core", "--spec-version", "2025-11-25"], sdk: "v1" },
  "client 2026-07-28": { version: "both-eras", args: ["--suite", "core", "--spec-version", "2026-07-28"], sdk: "v2" },
};

/** Resolves with the map `scenario → sorted ["id:status", …]` of one run, and whether the suite itself was content. */
export async function checkServer({ version, args }, url) {
  return run(version, ["server", "--url", url, ...args]);
}

/** `client`: the arguments Node is started with, besides the address of the suite's server, which comes last. */
export async function checkClient({ version, args }, client) {
  const command = [execPath, ...client].map((word) => `"${word}"`).join(" ");
  return run(version, ["client", "--command", command, ...args]);
}

async function run(version, args) {
  const out = mkdtempSync(join(tmpdir(), "mcprules-conformance-"));
  // The package `node` fetches its binary in a script.
  const here = installed("suite", { scripts: true });
  try {
    const program = join(here, `node_modules/conformance-${version}/dist/index.js`);
    // The suite needs Node 22, which the package `node` brings, whatever this is.
    const node = join(here, "node_modules/node/bin/node");
    const { code, said } = await output(node, [program, ...args, "-o", out]);
    const scenarios = scenariosIn(out);
    if (Object.keys(scenarios).length === 0) throw new Error(`the suite found nothing out:\n${said.slice(-2000)}`);
    return { scenarios, isContent: code === 0, said };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function output(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, said: Buffer.concat(chunks).toString() }));
  });
}

/** The suite writes a folder for each scenario: its name, and when it ran. */
function scenariosIn(out) {
  const scenarios = {};
  for (const folder of readdirSync(out)) {
    const path = join(out, folder, "checks.json");
    if (!existsSync(path)) continue;
    const name = folder.replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, "").replace(/^server-/, "");
    const checks = JSON.parse(readFileSync(path, "utf8"));
    scenarios[name] = checks.map(({ id, status }) => `${id}:${status}`).sort();
  }
  return scenarios;
}
