// `npm run check`: what to run before each commit, in less than two minutes: every gate, two at a time, each with its time, and the tests that
// start no process. What failed is printed whole. `--no-tests` leaves the tests out. `npm test` runs them all.
import { spawn } from "node:child_process";
import { makeReady, ROOT } from "./fresh.mjs";

const GATES = ["format:check", "lint", "types", "unused", "package"];

makeReady();
const waiting = [...GATES];
const failed = [];
await Promise.all([worker(), worker()]);
// Alone and last: they use every core.
if (!process.argv.includes("--no-tests")) await gate("test", "--", "--project", "values");
if (failed.length > 0) console.error(`failed: ${failed.join(", ")}`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function worker() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await gate(name);
}

async function gate(name, ...args) {
  const started = performance.now();
  const { code, output } = await npmRun(name, ...args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (code === 0) return;
  failed.push(name);
  console.log(output);
}

function npmRun(name, ...args) {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", name, ...args], {
      cwd: ROOT,
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("close", (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
