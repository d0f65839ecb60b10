// How long `mcprules check` takes over large policies, and in how much memory, as a process of its own.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { referenceMs } from "../reference-work.ts";
import { largePolicy } from "./large-policy.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";

/** Loaded before the command: what it has taken in all, when it ends. */
const METER = `process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write(JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }));
});
`;

interface Used {
  readonly seconds: number;
  readonly megabytes: number;
}

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-scale-")));
  writeFileSync(join(folder, "meter.mjs"), METER);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function usedBy(...program: readonly string[]): Used {
  const meter = pathToFileURL(join(folder, "meter.mjs")).href;
  const { status, stderr } = spawnSync(process.execPath, ["--import", meter, ...program], { encoding: "utf8" });
  expect(status).toBe(0);
  return JSON.parse(stderr) as Used;
}

// Alone on two cores of 2.5 GHz: 0.5 s for 1,000 rules (0.45 on the wall) and 2.5 s for 10,000, in 96 and 186 MB. Processor
// time counts V8's own threads too; beside other programs, which share the caches, it is up to three times as much.
test.each([
  [1_000, 1, 8, 200],
  [1_000, 20, 8, 200],
  [10_000, 1, 40, 400],
  [10_000, 200, 40, 400],
])(
  "%d rules in %d files take less than %d times as long as the reference work, and %d MB",
  { retry: 2, timeout: 60_000 },
  (rules, files, times, megabytes) => {
    const rulesFolder = join(folder, `${rules}-${files}`);
    mkdirSync(rulesFolder, { recursive: true });
    for (const [index, text] of largePolicy(rules, files).entries()) {
      writeFileSync(join(rulesFolder, `${index}.mcprules`), text);
    }
    const reference = referenceMs();
    const used = usedBy(join(ROOT, "dist/cli.js"), "check", rulesFolder);
    const mean = (reference + referenceMs()) / 2;
    expect(used.seconds * 1000).toBeLessThan(times * mean);
    expect(used.megabytes).toBeLessThan(megabytes);
  },
);
