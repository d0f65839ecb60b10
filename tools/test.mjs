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
const { passed, failed, skipped } = countsIn(report);
rmSync(folder, { recursive: true, force: true });
// Vitest also refuses for what belongs to no test: an error nobody caught, a filter that found nothing.
const isGood = status === 0 && failed === 0 && passed > 0;
const counted = isGood ? failed : Math.max(failed, 1);
console.log(`${passed} passed, ${counted} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = isGood ? 0 : Math.max(status ?? 1, 1);

/** A file that could not even be loaded has no tests to count, so it counts as one that failed. */
function countsIn(path) {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(path, "utf8"));
  const unloaded = testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length, skipped: numPendingTests };
}
