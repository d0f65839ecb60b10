// What the checker and the tests of a policy say of it, in this process.
import { indexPolicy } from "../../src/engine/index-policy.ts";
import { runTests } from "../../src/inspect/play/run-tests.ts";
import { fulfil } from "../../src/io/answer-needs.ts";
import { createEvaluator } from "../../src/io/evaluation/evaluator.ts";
import { schemaCheckFor } from "../../src/io/schema-check.ts";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import { renderDiagnostics } from "../../src/source/render.ts";
import type { SourceText } from "../../src/source/source-text.ts";

export interface Soundness {
  /** As the author reads them; warnings too. */
  readonly diagnostics: string;
  readonly failures: readonly string[];
  /** Rules that no test has brought to match. */
  readonly untested: readonly string[];
  readonly tests: number;
}

export async function soundnessOf(sources: readonly SourceText[]): Promise<Soundness> {
  const now = Date.now();
  const { policy, diagnostics: found } = compilePolicy(sources, { now });
  const diagnostics = renderDiagnostics(found, sources);
  if (!policy) return { diagnostics, failures: [], untested: [], tests: 0 };
  const evaluator = createEvaluator();
  const revision = { id: "docs", policy: indexPolicy(policy, { admits: await schemaCheckFor(policy) }) };
  const { tests, coverage } = await fulfil(runTests(revision, { now, coverage: true }), evaluator);
  await evaluator.close();
  return {
    diagnostics,
    failures: tests.flatMap(({ name, failures }) =>
      failures.map(({ expected, got }) => `${name}: expected ${expected}, got ${got}`),
    ),
    untested: (coverage?.rules ?? [])
      .filter(({ missing }) => missing.some((words) => /matched|reaches/.test(words)))
      .map(({ rule }) => rule),
    tests: tests.length,
  };
}
