// The official conformance suite: run against one address, its checks brought home as a map.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { installed } from "./installed.mjs";

/** What is run against a server: name → package and arguments; through all chains of proxies, or these. */
export const SERVER_SUITES = {
  "2025-11-25": { version: "both-eras", args: ["--requirements", "2025-11-25"] },
  "2026-07-28": { version: "both-eras", args: ["--requirements", "2026-07-28"] },
  // The stable release asks what 2025-11-25 asks, in part.
  "0.1.16": {
    version: "stable",
    args: [],
    chains: ["proxy before stdio", "proxy before HTTP", "two proxies before HTTP"],
  },
};

/** What is run against a client, which is a program of ours: the suite has a server for each scenario. */
export const CLIENT_SUITES = {
  "2025-11-25, client v1": { version: "2025-11-25", sdk: "v1" },
  "2025-11-25, client v2": { version: "2025-11-25", sdk: "v2" },
  "2026-07-28, client v2": { version: "2026-07-28", sdk: "v2" },
};

/** What concerns a client and MCP. Who may log in is between a client and its proxy, and between the proxy and its server. */
const CLIENT_SCENARIOS = {
  "2025-11-25": [
    "initialize",
    "tools_call",
    "elicitation-sep1034-client-defaults",
    "sse-retry",
    "json-schema-2020-12-preservation",
  ],
  "2026-07-28": [
    "tools_call",
    "request-metadata",
    "sep-2322-client-request-state",
    "http-standard-headers",
    "http-custom-headers",
    "http-invalid-tool-headers",
    "json-schema-ref-no-deref",
    "json-schema-2020-12-preservation",
  ],
};

const CLIENT = fileURLToPath(new URL("client/main.mjs", import.meta.url));

/** Resolves with the map `scenario → sorted ["id:status", …]` of one run, and whether the suite itself was content. */
export async function checkServer({ version, args }, url) {
  return run(version, ["server", "--url", url, ...args]);
}

/** The same for a client behind a chain of proxies (see `CLIENT_CHAINS`). */
export async function checkClient({ version, sdk }, chain, cli) {
  const command = [execPath, CLIENT, sdk, chain, cli].map((word) => `"${word}"`).join(" ");
  const runs = [];
  for (const scenario of CLIENT_SCENARIOS[version]) {
    const args = ["client", "--command", command, "--scenario", scenario, "--spec-version", version];
    runs.push(await run("both-eras", args));
  }
  return {
    scenarios: judged(Object.assign({}, ...runs.map(({ scenarios }) => scenarios))),
    isContent: runs.every(({ isContent }) => isContent),
    said: runs.map(({ said }) => said).join("\n"),
  };
}

/**
 * What a client is judged by, each once. Most checks are made for each request, and how many of those a server gets is the
 * business of each hop; what is of status INFO is the log of the suite's server.
 */
function judged(scenarios) {
  const ofChecks = Object.entries(scenarios).map(([name, checks]) => [
    name,
    [...new Set(checks)].filter((check) => !check.endsWith(":INFO")),
  ]);
  return Object.fromEntries(ofChecks);
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
