// `mcprules test`: checks a policy and plays its tests; for people, or as one JSON document.
import { resolve } from "node:path";
import { indexPolicy } from "../engine/index-policy.ts";
import { runTests } from "../inspect/run-tests.ts";
import type { TestReport } from "../inspect/test-report.ts";
import { fulfil } from "../io/answer-needs.ts";
import { lazyEvaluator } from "../io/evaluator.ts";
import { readRules, type RulesReading } from "../io/rules-folder.ts";
import { schemaCheckFor } from "../io/schema-check.ts";
import { compilePolicy } from "../language/compile-policy.ts";
import type { CompiledPolicy } from "../language/compiled-policy.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { diagnosticsAsJson } from "../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../source/render.ts";
import type { SourceText } from "../source/source-text.ts";
import { paintFor } from "./paint.ts";
import { renderTestReport } from "./render-test-report.ts";

export interface TestRequest {
  /** Files and folders, as given. */
  readonly paths: readonly string[];
  readonly json?: boolean;
}

interface Outcome {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent: the policy is not sound, so nothing was played. */
  readonly report: TestReport | undefined;
  readonly sources: readonly SourceText[];
}

/** The exit code: 0 every test passed, 1 something failed or the policy is not sound. */
export async function test({ paths, json = false }: TestRequest): Promise<number> {
  const reading = await readOnce(paths);
  if (reading.unreadable.length > 0 || reading.sources.length === 0) return complain(reading, paths);
  const now = Date.now();
  const { policy, diagnostics } = compilePolicy(reading.sources, { now });
  const report = policy && (await play(policy, now));
  const outcome = { diagnostics, report, sources: reading.sources };
  if (json) printJson(outcome);
  else print(outcome);
  return report?.failed === 0 ? 0 : 1;
}

async function play(policy: CompiledPolicy, now: number): Promise<TestReport> {
  const evaluator = lazyEvaluator(async () => {
    const { createEvaluator } = await import("../io/evaluation/evaluator.ts");
    return createEvaluator();
  });
  try {
    const revision = { id: "test", policy: indexPolicy(policy, { admits: await schemaCheckFor(policy) }) };
    return await fulfil(runTests(revision, { now }), evaluator);
  } finally {
    await evaluator.close();
  }
}

/** Nobody is expected to write to the files just now, but a checkout may be under way. */
function readOnce(paths: readonly string[]): Promise<RulesReading> {
  const roots = paths.map((shown) => ({ shown, path: resolve(shown) }));
  const onWaiting = (reason: string): void => {
    process.stderr.write(`${reason}\n`);
  };
  return readRules(roots, { quietMs: 0, patienceMs: 1000, onWaiting });
}

function complain({ unreadable }: RulesReading, paths: readonly string[]): number {
  const nothing = `no file ends in \`.mcprules\` below ${paths.map((path) => `\`${path}\``).join(", ")}`;
  for (const line of unreadable.length > 0 ? unreadable : [nothing]) process.stderr.write(`error: ${line}\n`);
  return 1;
}

function print({ diagnostics, report, sources }: Outcome): void {
  if (diagnostics.length > 0) process.stderr.write(`${renderDiagnostics(diagnostics, sources)}\n`);
  if (report) process.stdout.write(renderTestReport(report, sources, paintFor(process.stdout)));
}

function printJson({ diagnostics, report, sources }: Outcome): void {
  const { passed = 0, failed = 0, tests = [] } = report ?? {};
  const document = { diagnostics: diagnosticsAsJson(diagnostics, sources), passed, failed, tests };
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
