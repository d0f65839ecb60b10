// `npm test`: makes the clone ready, runs the tests (arguments go to vitest) and ends with the line "N passed, N failed".
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeReady, ROOT } from "./fresh.mjs";

makeReady();
const folder = mkdtempSync(join(tmpdir(), "mcprules-test-"));
const report = join(folder, "report.json");
const vitest = [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
];
const { status } = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ["ignore", 1, 2],
});
const { line, isGood } = summary(report);
rmSync(folder, { recursive: true, force: true });
console.log(line);
process.exitCode = status === 0 && !isGood ? 1 : (status ?? 1);

/** A file that could not even be loaded has no tests to count, so it counts as one that failed. */
function summary(path) {
  if (!existsSync(path)) return { line: "0 passed, 1 failed", isGood: false };
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(path, "utf8"));
  const broken = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((one) => one.status !== "failed"),
  );
  const failed = numFailedTests + broken.length;
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : "";
  return { line: `${numPassedTests} passed, ${failed} failed${skipped}`, isGood: failed === 0 && numPassedTests > 0 };
}
