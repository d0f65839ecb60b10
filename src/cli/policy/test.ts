// `mcprules test`: checks a policy and plays its tests; for people, or as one JSON document.
import { writeFileSync } from "node:fs";
import type { Revision } from "../../engine/policy-store.ts";
import { runTests, type TestOptions } from "../../inspect/run-tests.ts";
import type { TestReport } from "../../inspect/test-report.ts";
import type { CompiledPolicy } from "../../language/compiled-policy.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { diagnosticsAsJson } from "../../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../../source/render.ts";
import type { SourceText } from "../../source/source-text.ts";
import { junitOf } from "./junit.ts";
import { knownToPolicy } from "./known-to-policy.ts";
import { checkedPolicy } from "./checked-policy.ts";
import { playable } from "./load-policy.ts";
import { paintFor } from "../paint.ts";
import { printJson } from "../print-json.ts";
import { complain, readPolicyFiles } from "./policy-files.ts";
import { renderTestReport } from "./render-test-report.ts";

export interface TestRequest {
  /** Files and folders, as given. */
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
  readonly diagnostics: readonly Diagnostic[];
  /** Absent: the policy is not sound, so nothing was played. */
  readonly report: TestReport | undefined;
  readonly sources: readonly SourceText[];
}

/** The exit code: 0 every test passed and reached enough, 1 something failed or the policy is not sound. */
export async function test(request: TestRequest): Promise<number> {
  const { paths, json = false, failUnder = 0, junit } = request;
  const known = await knownToPolicy(paths, request.config);
  if (typeof known === "number") return known;
  const files = await readPolicyFiles(paths, known.locks);
  if (files.kind === "none") return complain(files.reasons, json);
  const { lock } = files;
  const sources = [...files.sources, ...(files.catalogues ?? [])];
  const { policy, translations, diagnostics } = await checkedPolicy(files, known);
  const coverage = request.coverage === true || request.failUnder !== undefined;
  const report = policy && (await play(policy, { lock, translations }, { now: Date.now(), coverage }));
  const outcome = { diagnostics, report, sources };
  if (json) printOutcome(outcome);
  else print(outcome);
  if (junit !== undefined && report) writeFileSync(junit, junitOf(report));
  return report?.failed === 0 && (report.coverage?.percent ?? 100) >= failUnder ? 0 : 1;
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

function print({ diagnostics, report, sources }: Outcome): void {
  if (diagnostics.length > 0) process.stderr.write(`${renderDiagnostics(diagnostics, sources)}\n`);
  if (report) process.stdout.write(renderTestReport(report, sources, paintFor(process.stdout)));
}

function printOutcome({ diagnostics, report, sources }: Outcome): void {
  const played = report ?? { passed: 0, failed: 0, tests: [] };
  const document = { diagnostics: diagnosticsAsJson(diagnostics, sources), ...played };
  printJson(document);
}
