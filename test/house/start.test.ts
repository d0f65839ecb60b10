// What a plain `mcprules run` loads at its start: nothing that only some settings need.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Packages, by their folder in node_modules, that the bundle of `entry` loads before anybody asks for more. */
async function packagesLoadedBy(entry: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const first = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry)?.[0] ?? "";
  const inputs = [...loadedWith(first, metafile)].flatMap((output) =>
    Object.keys(metafile.outputs[output]?.inputs ?? {}),
  );
  return new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
}

function loadedWith(output: string, metafile: Metafile, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(output)) return seen;
  seen.add(output);
  for (const { path, kind } of metafile.outputs[output]?.imports ?? []) {
    if (kind === "import-statement") loadedWith(path, metafile, seen);
  }
  return seen;
}

test("a plain run loads no package for metrics, traces, HTTP, files that are rotated or a store", async () => {
  const loaded = await packagesLoadedBy("src/cli/run-to-end.ts");
  expect(loaded).toContain("pino");
  for (const name of ["prom-client", "pino-roll", "date-fns", "undici", "zod", "jose", "ioredis", "lru-cache"])
    expect(loaded).not.toContain(name);
  expect([...loaded].filter((name) => name.startsWith("@opentelemetry/"))).toEqual([]);
});

test("metrics are loaded where somebody asks for them", async () => {
  expect(await packagesLoadedBy("src/io/metrics/open-metrics.ts")).toContain("prom-client");
});

test("what connects to a store in a server is loaded where the settings name one, and memory where a rule needs it", async () => {
  expect(await packagesLoadedBy("src/io/store/create-store.ts")).toEqual(new Set());
  expect(await packagesLoadedBy("src/io/store/redis-store.ts")).toContain("ioredis");
});
