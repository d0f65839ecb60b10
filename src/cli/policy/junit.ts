// Test reports as JUnit XML, which every CI reads: a suite a file, a case a test.
import type { TestFailure, TestOutcome, TestReport } from "../../inspect/play/test-report.ts";

export function junitOf({ tests, passed, failed }: TestReport): string {
  const files = [...new Set(tests.map((test) => test.place.file))];
  const suites = files.map((file) =>
    suiteOf(
      file,
      tests.filter((test) => test.place.file === file),
    ),
  );
  const counts = `tests="${passed + failed}" failures="${failed}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mcprules" ${counts}>\n${suites.join("")}</testsuites>\n`;
}

function suiteOf(file: string, cases: readonly TestOutcome[]): string {
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  const lines = cases.map((test) => caseOf(file, test)).join("");
  return `  <testsuite name="${escaped(file)}" tests="${cases.length}" failures="${failed}">\n${lines}  </testsuite>\n`;
}

function caseOf(file: string, { name, place, failures }: TestOutcome): string {
  const open = `    <testcase classname="${escaped(file)}" name="${escaped(name)}" file="${escaped(file)}" line="${place.line}"`;
  if (failures.length === 0) return `${open}/>\n`;
  return `${open}>\n${failures.map(failureOf).join("")}    </testcase>\n`;
}

function failureOf({ place, expected, got }: TestFailure): string {
  const where = `${place.file}:${place.line}:${place.column}`;
  return `      <failure message="${escaped(`expected ${expected}, got ${got}`)}">${escaped(where)}</failure>\n`;
}

/** XML has no way to write most control characters: they are left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\t\n\r]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
