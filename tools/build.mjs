// Builds dist/: one ESM bundle per entry with its packages inside, the types, and the licences of what was bundled.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { fingerprint, STAMP } from "./fresh.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles in dist/ (without .js) and where each starts; a new entry is one line here. Those of one group share chunks, and
 * groups share nothing: what many entries share falls into many small files, which cost half a millisecond each to load.
 * `first`: a module that is there before anything is imported for who needs it, so that all it stands on is in few files.
 * Measured: `run` loads 1.7 MB in 29 files and not in 54.
 */
const GROUPS = [
  { entries: { cli: "src/cli/main.ts", index: "src/index.ts" }, first: "src/serve.ts" },
  {
    entries: {
      check: "src/cli/policy/check.ts",
      test: "src/cli/policy/test.ts",
      explain: "src/cli/policy/explain.ts",
      diff: "src/cli/policy/diff.ts",
      fmt: "src/cli/policy/fmt.ts",
    },
    first: "src/language/compile-policy.ts",
  },
  {
    entries: {
      lock: "src/cli/lock/lock.ts",
      login: "src/cli/login.ts",
      status: "src/cli/running/status.ts",
      rollback: "src/cli/running/rollback.ts",
      tail: "src/cli/running/tail.ts",
      approvals: "src/cli/running/approvals.ts",
      translate: "src/cli/translate/translate.ts",
      modules: "src/cli/modules/modules.ts",
      "serve-module": "src/cli/modules/serve-module.ts",
    },
  },
  { entries: { tour: "src/cli/tour.ts" } },
  {
    entries: { "evaluation-worker": "src/io/evaluation/worker.ts", "module-worker": "src/io/modules/module-worker.ts" },
  },
];

const ENTRIES = Object.assign({}, ...GROUPS.map(({ entries }) => entries));

/** How a program begins: what these import is there before what is `first`. */
const BEGINNINGS = new Set(
  ["src/cli/main.ts", "src/cli/run.ts", "src/cli/settings-for.ts"].map((file) => join(ROOT, file)),
);

/**
 * Packages in CommonJS call `require` for Node's own modules; an ESM bundle has none. And as a global, `Buffer` is an accessor
 * that every use would call: without that, a call that comes alone takes 2 % less processor time.
 */
const BANNER =
  'import{createRequire as createRequireOfBundle}from"node:module";import{Buffer as NodeBuffer}from"node:buffer";const require=createRequireOfBundle(import.meta.url);';

/** What is imported when it is needed: an entry by itself is not bundled again, all else stands behind what is `first`. */
function importedLater(first) {
  return {
    name: "imported-later",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, importer }) => {
        if (kind !== "dynamic-import") return undefined;
        const file = join(dirname(importer), path);
        const name = Object.keys(ENTRIES).find((entry) => join(ROOT, ENTRIES[entry]) === file);
        if (name !== undefined) return { path: `./${name}.js`, external: true };
        const isOurs = importer.startsWith(join(ROOT, "src"));
        const isBehind = first !== undefined && isOurs && !BEGINNINGS.has(importer);
        return isBehind ? { path: file, namespace: "behind" } : undefined;
      });
      onLoad({ filter: /./, namespace: "behind" }, ({ path }) => ({
        contents: `import ${JSON.stringify(join(ROOT, first))}; export * from ${JSON.stringify(path)};`,
        resolveDir: ROOT,
      }));
    },
  };
}

/**
 * Packages that many starts never need, and what is imported of each: a bundle of their own, which Node's `require` loads when
 * one is first called or read, since who calls them cannot wait. Measured on a policy without expressions: 20 ms of
 * processor time, and 2 MB.
 */
const LATE = { jsonata: "default", pino: "pino", re2js: "RE2JS" };

/** In the place of such a package. */
const LOADED_LATE = {
  name: "loaded-late",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(?:${Object.keys(LATE).join("|")})$`) }, ({ path, importer }) =>
      importer.includes("node_modules") ? undefined : { path, namespace: "late" },
    );
    onResolve({ filter: /./, namespace: "late" }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: "late" }, ({ path }) => ({ contents: lateSource(path, LATE[path]) }));
  },
};

function lateSource(name, exported) {
  const of = exported === "default" ? "" : `.${exported}`;
  return `let loaded;
const load = () => (loaded ??= require("./${name}.cjs")${of});
const late = new Proxy(function () {}, {
  apply: (target, self, given) => load()(...given),
  get: (target, key) => load()[key],
});
export { late as ${exported} };`;
}

process.chdir(ROOT);
const started = performance.now();
const stamp = fingerprint(ROOT);
const staging = `dist.${process.pid}.tmp`;
process.on("exit", () => rmSync(staging, { recursive: true, force: true }));
mkdirSync(staging);
const metafiles = await Promise.all([...GROUPS.map((group) => bundle(group, staging)), bundleLate(staging)]);
for (const name of readdirSync(staging)) refuseWideText(join(staging, name));
addShebang(join(staging, "cli.js"));
emitTypes(join(staging, "types"));
writeFileSync(join(staging, "third-party-licences.txt"), licencesOf(metafiles));
writeFileSync(join(staging, STAMP), stamp);
swap(staging, "dist");
console.error(`built dist/ (${Object.keys(ENTRIES).join(", ")}) in ${Math.round(performance.now() - started)} ms`);

function bundle({ entries, first }, outdir) {
  return written({
    entryPoints: entries,
    outdir,
    plugins: [importedLater(first), LOADED_LATE],
    splitting: true,
    format: "esm",
    // Beside the entries, so that `new URL("./evaluation-worker.js", import.meta.url)` holds from every chunk.
    chunkNames: "[name]-[hash]",
    banner: { js: BANNER },
    define: { Buffer: "NodeBuffer" },
  });
}

function bundleLate(outdir) {
  return written({ entryPoints: Object.keys(LATE), outdir, format: "cjs", outExtension: { ".js": ".cjs" } });
}

/** What went into it. */
async function written(options) {
  const result = await build({
    ...options,
    bundle: true,
    platform: "node",
    target: "node20.19",
    // Measured with all packages: 147 ms to start and 53 MB, against 152 and 56 as they are and 525 and 92 unbundled.
    // Names stay, for stack traces; shortened ones (with keepNames, which chevrotain needs) start slower again.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  }).catch(() => process.exit(1)); // esbuild has said what is wrong.
  if (result.warnings.length > 0) process.exit(1);
  return result.metafile;
}

/** V8 keeps a program with two bytes for each character as soon as one is not of Latin-1. esbuild escapes those in texts, not in regexes. */
function refuseWideText(path) {
  const text = readFileSync(path, "utf8");
  const at = text.search(/[^\0-\xff]/);
  if (at === -1 || text.length < 100_000) return;
  console.error(
    `${path}: write \`\\u\` for the character in \`${text.slice(at - 20, at + 10)}\`: it doubles the memory of this file`,
  );
  process.exit(1);
}

function addShebang(path) {
  writeFileSync(path, `#!/usr/bin/env node\n${readFileSync(path, "utf8")}`);
  chmodSync(path, 0o755);
}

function emitTypes(outDir) {
  const tsc = "node_modules/typescript/bin/tsc";
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", outDir], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Licence texts of every package that is inside a bundle; without them the bundles could not be given away. */
function licencesOf(builds) {
  const paths = builds.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(paths.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  return [...folders]
    .sort((a, b) => (a < b ? -1 : 1))
    .map(licenceOf)
    .join("\n");
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
  return `${name} ${version} (${license})\n\n${text}\n${"-".repeat(80)}`;
}

/** Two builds at once must not mix their files, and a failed one leaves the last good dist/ alone. */
function swap(from, to) {
  const old = `dist.${process.pid}.old.tmp`;
  if (existsSync(to)) renameSync(to, old);
  renameSync(from, to);
  rmSync(old, { recursive: true, force: true });
}
