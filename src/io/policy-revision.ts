// From a reading of the rules to a revision that may go into force: compiled, checked and its tests passed, or refused whole.
import { indexPolicy } from "../engine/index-policy.ts";
import type { Revision } from "../engine/policy-store.ts";
import { runTests } from "../inspect/run-tests.ts";
import type { TestFailure, TestReport } from "../inspect/test-report.ts";
import { compilePolicy } from "../language/compile-policy.ts";
import { hasErrors } from "../source/diagnostic.ts";
import { renderDiagnostics } from "../source/render.ts";
import { fulfil } from "./answer-needs.ts";
import type { Evaluator } from "./evaluation/evaluator.ts";
import { commitOf } from "./git-state.ts";
import type { RulesReading } from "./rules-folder.ts";
import type { RulesRoot } from "./rules-tree.ts";
import { schemaCheckFor } from "./schema-check.ts";

export interface RevisionContext {
  readonly roots: readonly RulesRoot[];
  /** Names of the servers there are. */
  readonly servers: readonly string[];
  /** Names of the sinks of the log, besides `main`. */
  readonly sinks: readonly string[];
  readonly evaluator: Evaluator;
}

export type RevisionOutcome =
  | {
      readonly kind: "revision";
      readonly revision: Revision;
      /** How many there are; `mcprules check` shows them. */
      readonly warnings: number;
    }
  /** `report` is for the author: code frames, tests that fail, or the lines to write. */
  | { readonly kind: "refused"; readonly report: string };

export async function makeRevision(reading: RulesReading, context: RevisionContext): Promise<RevisionOutcome> {
  const { roots, servers, sinks, evaluator } = context;
  if (reading.unreadable.length > 0) return refused(reading.unreadable.map(sayUnreadable).join("\n"));
  if (reading.sources.length === 0) return refused(sayNothing(roots));
  const commit = commitOf(roots.map((root) => root.path));
  const now = Date.now();
  const { policy, diagnostics } = compilePolicy(reading.sources, { servers, sinks, now });
  const report = renderDiagnostics(diagnostics, reading.sources);
  if (policy === undefined || hasErrors(diagnostics)) return refused(report);
  const policyTools = { admits: await schemaCheckFor(policy) };
  const revision = { id: await revisionId(reading.hash, commit), policy: indexPolicy(policy, policyTools) };
  const tests = await fulfil(runTests(revision, { now }), evaluator);
  if (tests.failed > 0) return refused(sayFailedTests(tests));
  return { kind: "revision", revision, warnings: diagnostics.length };
}

async function revisionId(hash: string, commit: Promise<string | undefined>): Promise<string> {
  const known = await commit;
  return known === undefined ? hash.slice(0, 12) : `${hash.slice(0, 12)}@${known}`;
}

function refused(report: string): RevisionOutcome {
  return { kind: "refused", report };
}

function sayUnreadable(line: string): string {
  return `error: the rules cannot be read: ${line}`;
}

function sayNothing(roots: readonly RulesRoot[]): string {
  const where = roots.map(({ shown }) => `\`${shown}\``).join(", ");
  return `error: there is no policy: no file ends in \`.mcprules\` below ${where}\n   = help: write one that begins with these two lines:\n\n${SMALLEST_POLICY}`;
}

const SMALLEST_POLICY = "mcprules 1\ndefault allow\n";

function sayFailedTests({ tests }: TestReport): string {
  return tests.flatMap(({ name, failures }) => failures.map((failure) => sayFailure(name, failure))).join("\n\n");
}

function sayFailure(name: string, { place, expected, got }: TestFailure): string {
  const { file, line, column } = place;
  return `error: the test "${name}" fails: expected ${expected}, got ${got}\n  --> ${file}:${line}:${column}`;
}
