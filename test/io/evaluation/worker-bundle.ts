// The evaluation worker as the build makes it, from the source as it stands: Node 20 runs no TypeScript in a thread.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

export interface WorkerBundle {
  readonly url: URL;
  remove(): void;
}

export function bundleWorker(): WorkerBundle {
  const folder = mkdtempSync(join(tmpdir(), "mcprules-worker-"));
  const outfile = join(folder, "evaluation-worker.mjs");
  buildSync({
    entryPoints: [fileURLToPath(new URL("../../../src/io/evaluation/worker.ts", import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: {
      js: 'import{createRequire as createRequireOfBundle}from"node:module";const require=createRequireOfBundle(import.meta.url);',
    },
    logLevel: "error",
  });
  return { url: pathToFileURL(outfile), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
