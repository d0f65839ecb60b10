// Makes a clone ready to run: installs packages that are missing and builds dist/ when it is missing or stale.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** File in dist/ that names the inputs it was built from. Written last, so half a build is never taken for a whole one. */
export const STAMP = ".stamp";

const BUILD_INPUTS = ["src", "tools/build.mjs", "tsconfig.json", "tsconfig.build.json", "package-lock.json"];

/** Digest of everything the build reads, by content: times are worth nothing after a clone or a checkout. */
export function fingerprint(root) {
  const hash = createHash("sha256");
  for (const path of BUILD_INPUTS.flatMap((input) => filesAt(root, input))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

export function makeReady() {
  requireNode();
  if (!isInstalled(ROOT)) {
    say("Installing packages, which takes about half a minute the first time …");
    run(npm("ci", "--no-audit", "--no-fund", "--loglevel=error"));
  }
  if (!isBuilt(ROOT)) {
    say("Building …");
    run([process.execPath, "tools/build.mjs"]);
  }
}

/** Runs one command to its end in the root of the clone; a failure is ours too, with its exit code. */
function run([command, ...args]) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ["ignore", 2, 2], shell: command === "npm" });
  if (error) say(error.message);
  if (status !== 0) process.exit(status ?? 1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`mcprules needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Whether node_modules holds what the lock file names. npm keeps its own list of what it put there. */
function isInstalled(root) {
  const wanted = packagesIn(join(root, "package-lock.json"));
  const present = packagesIn(join(root, "node_modules/.package-lock.json"));
  const needed = Object.entries(wanted).filter(([path, entry]) => path !== "" && !isOptional(entry));
  return needed.every(([path, { version }]) => present[path]?.version === version);
}

/** Binaries of other platforms, and peers that nothing here needs: npm leaves them out. */
function isOptional(entry) {
  return [entry.optional, entry.devOptional, entry.peer].includes(true);
}

function packagesIn(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}

function isBuilt(root) {
  const stamp = join(root, "dist", STAMP);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(root);
}

/** npm says where it is to the scripts it runs; starting it through Node also works where `npm` is a batch file. */
function npm(...args) {
  const script = process.env["npm_execpath"];
  return script?.endsWith("npm-cli.js") ? [process.execPath, script, ...args] : ["npm", ...args];
}

function filesAt(root, path) {
  if (!existsSync(join(root, path))) return [];
  if (/\.[a-z]+$/.test(path)) return [path];
  const entries = readdirSync(join(root, path), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(root.length)).sort();
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
