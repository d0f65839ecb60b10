// `npm run check`: every gate, two at a time, each with its time; what failed is printed whole. `--no-tests` leaves the tests out.
import { spawn } from "node:child_process";
import { makeReady, ROOT } from "./fresh.mjs";

const GATES = ["format:check", "lint", "types", "unused", "package"];

makeReady();
const waiting = [...GATES];
const failed = [];
await Promise.all([worker(), worker()]);
// Alone and last: tests with real processes measure time.
if (!process.argv.includes("--no-tests")) await gate("test");
if (failed.length > 0) console.error(`failed: ${failed.join(", ")}`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function worker() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await gate(name);
}

async function gate(name) {
  const started = performance.now();
  const { code, output } = await npmRun(name);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (code === 0) return;
  failed.push(name);
  console.log(output);
}

function npmRun(name) {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", name], {
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
