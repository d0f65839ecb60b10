// How long `mcprules check` takes over large policies, and in how much memory, as a process of its own.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { largePolicy } from "./large-policy.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";

/** Loaded before the command: what it has taken in all, when it ends. */
const METER = `process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write(JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }));
});
`;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-scale-")));
  writeFileSync(join(folder, "meter.mjs"), METER);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Alone on two cores of 2.5 GHz: 0.5 s for 1,000 rules (0.45 on the wall) and 2.5 s for 10,000, in 96 and 186 MB. Processor
// time is what other programs change least; it counts V8's own threads too.
test.each([
  [1_000, 1, 1, 200],
  [1_000, 20, 1, 200],
  [10_000, 1, 5, 400],
  [10_000, 200, 5, 400],
])(
  "%d rules in %d files take less than %d s of processor time and %d MB",
  { retry: 2, timeout: 60_000 },
  (rules, files, seconds, megabytes) => {
    const rulesFolder = join(folder, `${rules}-${files}`);
    mkdirSync(rulesFolder, { recursive: true });
    for (const [index, text] of largePolicy(rules, files).entries()) {
      writeFileSync(join(rulesFolder, `${index}.mcprules`), text);
    }
    const meter = pathToFileURL(join(folder, "meter.mjs")).href;
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", meter, join(ROOT, "dist/cli.js"), "check", rulesFolder],
      { encoding: "utf8" },
    );
    expect(status).toBe(0);
    const used = JSON.parse(stderr) as { readonly seconds: number; readonly megabytes: number };
    expect(used.seconds).toBeLessThan(seconds);
    expect(used.megabytes).toBeLessThan(megabytes);
  },
);
