// `npm run package`: packs the package and looks at the tarball as a user gets it: contents, exports, types, a first run.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeReady, ROOT } from "./fresh.mjs";

makeReady();
const folder = mkdtempSync(join(tmpdir(), "mcprules-package-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: ROOT, encoding: "utf8" });
const listing = JSON.parse(packed);
const [{ filename, version }] = Array.isArray(listing) ? listing : Object.values(listing);
const tarball = join(folder, filename);
node("node_modules/publint/src/cli.js", "run", tarball, "--strict");
node("node_modules/@arethetypeswrong/cli/dist/index.js", tarball, "--profile", "esm-only", "--no-emoji");

// Unpacked where no node_modules is near: a bundle that needs a package does not start here.
execFileSync("tar", ["-xzf", tarball, "-C", folder]);
const printed = execFileSync(process.execPath, [join(folder, "package/dist/cli.js"), "--version"], {
  encoding: "utf8",
}).trim();
if (!printed.includes(version)) fail(`the packed command says "${printed}" for its version, not ${version}`);

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ["ignore", 1, 2] });
  if (status !== 0) fail(`${args[0]} refused the package`);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
