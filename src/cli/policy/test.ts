// `mcprules test`: checks a policy and plays its tests; for people, or as one JSON document.
import { writeFileSync } from "node:fs";
import type { Revision } from "../../engine/policy-store.ts";
import { runTests, type TestOptions } from "../../inspect/play/run-tests.ts";
import type { TestReport } from "../../inspect/play/test-report.ts";
import type { CompiledPolicy } from "../../language/compiled-policy.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { diagnosticsAsJson } from "../../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../../source/render.ts";
import type { SourceText } from "../../source/source-text.ts";
import { messageOf } from "../../io/thrown.ts";
import { junitOf } from "./junit.ts";
import { type KnownPolicy, policiesMeant } from "./known-to-policy.ts";
import { checkedPolicy } from "./checked-policy.ts";
import { playable } from "./load-policy.ts";
import { paintFor } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { complain, readPolicyFiles } from "./policy-files.ts";
import { renderTestReport } from "./render-test-report.ts";

export interface TestRequest {
  /** Files and folders, as given. None: those of the settings, of each profile. */
  readonly paths: readonly string[];
  /** A settings file: what it names is checked, and the lock beside it says what servers have. */
  readonly config?: string;
  readonly json?: boolean;
  readonly coverage?: boolean;
  /** Percent of coverage below which the command fails; asks for coverage. */
  readonly failUnder?: number;
  /** A file for the report as JUnit XML. */
  readonly junit?: string;
}

interface Outcome {
  readonly profile: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Absent: the policy is not sound, so nothing was played. */
  readonly report: TestReport | undefined;
  readonly sources: readonly SourceText[];
}

/** The exit code: 0 every test passed and reached enough, 1 something failed or a policy is not sound. */
export async function test(request: TestRequest): Promise<number> {
  const { paths, config, json = false, failUnder = 0, junit } = request;
  const meant = await policiesMeant(paths, config);
  if (typeof meant === "number") return meant;
  const outcomes: Outcome[] = [];
  const coverage = request.coverage === true || request.failUnder !== undefined;
  for (const one of meant) {
    const outcome = await testOne(one, { now: Date.now(), coverage });
    if ("reasons" in outcome) return complain(outcome.reasons, json);
    outcomes.push(outcome);
  }
  if (json) printOutcomes(outcomes);
  else for (const outcome of outcomes) print(outcome);
  const reports = outcomes.flatMap(({ report }) => report ?? []);
  if (!reports.some(({ tests }) => tests.length > 0) && reports.length > 0) process.stderr.write(NO_TESTS);
  const fault = junit === undefined || reports.length === 0 ? undefined : writeJunit(junit, reports);
  if (fault !== undefined) process.stderr.write(`error: ${fault}\n`);
  const isGood = ({ failed, coverage: reached }: TestReport): boolean =>
    failed === 0 && (reached?.percent ?? 100) >= failUnder;
  return fault === undefined && reports.length === outcomes.length && reports.every(isGood) ? 0 : 1;
}

/** Most likely the file that holds them was not named. */
const NO_TESTS =
  "warning: there is no test in what was given\n   = help: a folder brings all its files, also those that hold only tests\n";

/** Why it could not be written, if so: a report that is missing is no success. */
function writeJunit(path: string, reports: readonly TestReport[]): string | undefined {
  try {
    writeFileSync(path, junitOf(together(reports)));
    return undefined;
  } catch (error) {
    return `the JUnit report cannot be written: ${messageOf(error)}`;
  }
}

async function testOne(
  { profile, paths, known }: KnownPolicy,
  options: TestOptions,
): Promise<Outcome | { readonly reasons: readonly string[] }> {
  const files = await readPolicyFiles(paths, known);
  if (files.kind === "none") return files;
  const { lock } = files;
  const { policy, translations, diagnostics } = await checkedPolicy(files, known);
  const report = policy && (await play(policy, { lock, translations }, options));
  return { profile, diagnostics, report, sources: [...files.sources, ...(files.catalogues ?? [])] };
}

async function play(
  policy: CompiledPolicy,
  beside: Pick<Revision, "lock" | "translations">,
  options: TestOptions,
): Promise<TestReport> {
  const { revision, fulfil, close } = await playable(policy, beside);
  try {
    return await fulfil(runTests(revision, options));
  } finally {
    await close();
  }
}

function print({ profile, diagnostics, report, sources }: Outcome): void {
  if (diagnostics.length > 0) process.stderr.write(`${renderDiagnostics(diagnostics, sources)}\n`);
  if (report === undefined) return;
  const paint = paintFor(process.stdout);
  const title = profile === undefined ? "" : `${paint.bold(`profile ${profile}`)}\n`;
  process.stdout.write(title + renderTestReport(report, sources, paint));
}

function printOutcomes(outcomes: readonly Outcome[]): void {
  const diagnostics = outcomes.flatMap((one) => diagnosticsAsJson(one.diagnostics, one.sources));
  const played = outcomes.map(({ profile, report = NOTHING_PLAYED }) => ({ profile, ...report }));
  const [only = NOTHING_PLAYED, ...others] = played;
  const { passed, failed } = together(played);
  printJson({ diagnostics, ...(others.length === 0 ? only : { passed, failed, policies: played }) });
}

const NOTHING_PLAYED: TestReport = { passed: 0, failed: 0, tests: [] };

function together(reports: readonly TestReport[]): TestReport {
  const sum = (counts: readonly number[]): number => counts.reduce((sofar, count) => sofar + count, 0);
  return {
    passed: sum(reports.map(({ passed }) => passed)),
    failed: sum(reports.map(({ failed }) => failed)),
    tests: reports.flatMap(({ tests }) => tests),
  };
}
