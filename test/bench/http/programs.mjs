// Starts servers and proxies as processes, and knows where they listen, when they answer, and what they keep in memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openModern, openSession, alone } from "./callers.mjs";

const MEMORY = new URL("memory.mjs", import.meta.url).href;
const PATIENCE_MS = 30_000;

/**
 * Without certificates of this machine: Node reads them at each start, which takes as long as the rest of it, and so would
 * every server of a proxy that hands its whole environment on.
 */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([variable]) => variable !== "NODE_EXTRA_CA_CERTS"),
);

const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** A thin server: says its port on its first line. */
export async function startServer(script, ...args) {
  const child = start([script, ...args], {});
  const [line] = await once(child.stdout, "data");
  return { port: Number(line), close: () => stop(child) };
}

/** `argsOf(port)`: how Node is told to run it. `isModern`: it is tried with a request of that era. */
export async function startProxy({ name, path = "/mcp", argsOf, isModern = false }, folder) {
  const port = await freePort();
  const file = join(folder, `memory-${port}`);
  const child = start(["--expose-gc", "--import", MEMORY, ...argsOf(port)], { BENCH_MEMORY_FILE: file });
  const side = { name, port, path, pid: child.pid, kept: () => keptBytes(child, file), close: () => stop(child) };
  const until = performance.now() + PATIENCE_MS;
  for (let problem; ; await delay(50)) {
    const caller = await tried(side, isModern).catch((/** @type {unknown} */ error) => {
      problem = error;
    });
    if (caller !== undefined) return { ...side, caller };
    if (child.exitCode !== null || performance.now() > until) {
      throw new Error(`${name} does not answer: ${problem}\n${child.said}`);
    }
  }
}

async function tried(side, isModern) {
  const caller = await (isModern ? openModern(side) : openSession(side));
  await alone(caller, "echo", 1);
  return caller;
}

function start(args, env) {
  const child = spawn(process.execPath, args, { env: { ...ENVIRONMENT, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.said = "";
  const hear = (chunk) => {
    child.said = (child.said + chunk).slice(-4000);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return child;
}

async function stop(child) {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
  child.kill("SIGTERM");
  await once(child, "exit");
  clearTimeout(timer);
}

async function keptBytes(child, file) {
  rmSync(file, { force: true });
  child.kill("SIGUSR2");
  for (let turn = 0; turn < 500; turn++) {
    await delay(20);
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (text !== "") return Number(text);
  }
  return Number.NaN;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
