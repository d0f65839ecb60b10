// Packages that only these runs need: what one folder's lock file names, installed where no tool of the house looks.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/conformance", import.meta.url));
const FILES = ["package.json", "package-lock.json"];

/**
 * Installs what `folder`, beside this file, names, unless it is there already. Returns where its `node_modules` are.
 * Scripts of packages run only where they must.
 */
export function installed(folder, { scripts = false } = {}) {
  const from = fileURLToPath(new URL(folder, import.meta.url));
  const to = join(CACHE, folder);
  if (FILES.every((file) => isSame(join(from, file), join(to, file))) && existsSync(join(to, "complete"))) return to;
  console.log(`installing the packages of test/conformance/${folder} …`);
  mkdirSync(to, { recursive: true });
  for (const file of FILES) copyFileSync(join(from, file), join(to, file));
  // They run on a Node of their own; that the project is strict about its own packages is in the environment of its scripts.
  const ours = ["--engine-strict=false", "--no-audit", "--no-fund", "--loglevel=error"];
  const flags = scripts ? ours : [...ours, "--ignore-scripts"];
  const { status } = spawnSync("npm", ["ci", ...flags], {
    cwd: to,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm could not install what test/conformance/${folder} names`);
  // Last, so that half an installation is never taken for a whole one.
  copyFileSync(join(from, FILES[0]), join(to, "complete"));
  return to;
}

function isSame(one, other) {
  return existsSync(other) && readFileSync(one, "utf8") === readFileSync(other, "utf8");
}
