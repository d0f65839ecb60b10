// From a reading of the rules to a revision that may go into force: compiled, checked and its tests passed, or refused whole.
import { indexPolicy } from "../../engine/index-policy.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { checkPolicy } from "../../inspect/check-policy.ts";
import { runTests } from "../../inspect/play/run-tests.ts";
import type { TestFailure, TestReport } from "../../inspect/play/test-report.ts";
import { type Diagnostic, hasErrors } from "../../source/diagnostic.ts";
import { renderDiagnostics } from "../../source/render.ts";
import { fulfil } from "../answer-needs.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { commitOf } from "./git-state.ts";
import { overlookedFiles } from "./overlooked.ts";
import type { RulesReading } from "./rules-folder.ts";
import { digest } from "../lock-file.ts";
import { knownModules } from "../modules/known-modules.ts";
import { sinkNames } from "../log/log-settings.ts";
import type { RulesRoot } from "./rules-tree.ts";
import { schemaCheckFor } from "../schema-check.ts";
import { principalsOf } from "../settings/principals.ts";
import type { Settings } from "../settings/settings.ts";
import { knownTranslators } from "../translators/known-translators.ts";
import { translationsFor } from "../translators/translations-for.ts";

export interface RevisionContext {
  readonly roots: readonly RulesRoot[];
  readonly settings: Settings;
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
  const { roots, settings, evaluator } = context;
  const { pin, naming, names } = settings;
  // A folder that cannot be read has a lock that cannot be, either.
  if (reading.unreadable.length > 0) return refused(await sayUnreadable(reading.unreadable, context));
  if (reading.lock.kind === "damaged") return refused(reading.lock.report.trimEnd());
  const lock = reading.lock.kind === "lock" ? reading.lock.lock : undefined;
  if (pin === "block" && lock === undefined) return refused(NO_LOCK);
  if (reading.sources.length === 0) return refused(sayNothing(roots, await overlookedFiles(reading.tree)));
  const commit = commitOf(roots.map((root) => root.path));
  const now = Date.now();
  const named = {
    servers: settings.servers.map(({ name }) => name),
    sinks: sinkNames(settings.log),
    modules: knownModules(settings.modules),
    translators: knownTranslators(settings.translation),
    ...principalsOf(settings),
  };
  const known = {
    // Without servers the rules are for somebody else's, who has names of his own.
    ...(settings.servers.length > 0 && named),
    naming,
    names,
    now,
    ...(lock && { lock }),
  };
  const { policy, diagnostics: ofRules } = await fulfil(checkPolicy(reading.sources, known), evaluator);
  const { translations, diagnostics: ofCatalogues } = await translationsFor(reading.catalogues, settings.translation);
  const diagnostics = [...ofRules, ...ofCatalogues];
  const report = renderDiagnostics(diagnostics, [...reading.sources, ...reading.catalogues]);
  if (policy === undefined || hasErrors(diagnostics)) return refused(report);
  const policyTools = { admits: await schemaCheckFor(policy), digest };
  const revision = {
    id: await revisionId(reading.hash, commit),
    policy: indexPolicy(policy, policyTools),
    lock,
    translations,
  };
  // What a test gives may be other than the lock says: it is about the rules.
  const tests = await fulfil(runTests(revision, { now }), evaluator);
  if (tests.failed > 0) return refused(sayFailedTests(tests));
  return { kind: "revision", revision: { ...revision, pin }, warnings: diagnostics.length };
}

const NO_LOCK = `error: \`"pin": "block"\` in the settings asks for things as they are in \`mcprules.lock\`, and there is none
   = help: \`mcprules lock\` writes it, beside the settings`;

async function revisionId(hash: string, commit: Promise<string | undefined>): Promise<string> {
  const known = await commit;
  return known === undefined ? hash.slice(0, 12) : `${hash.slice(0, 12)}@${known}`;
}

function refused(report: string): RevisionOutcome {
  return { kind: "refused", report };
}

async function sayUnreadable(lines: readonly string[], { roots, settings }: RevisionContext): Promise<string> {
  const { withPlaces } = await import("../settings/rules-place.ts");
  const placed = withPlaces(lines, roots, settings.file, process.env);
  return placed.map((line) => `error: the rules cannot be read: ${line}`).join("\n");
}

function sayNothing(roots: readonly RulesRoot[], overlooked: readonly Diagnostic[]): string {
  const where = roots.map(({ shown }) => `\`${shown}\``).join(", ");
  const nearly = overlooked.map(sayOverlooked).join("");
  return `error: there is no policy: no file ends in \`.mcprules\` below ${where}\n${nearly}   = help: write one that begins with these two lines:\n\n${SMALLEST_POLICY}`;
}

function sayOverlooked({ message, help = "" }: Diagnostic): string {
  return `   = note: ${message}: ${help}\n`;
}

const SMALLEST_POLICY = "mcprules 1\ndefault allow\n";

function sayFailedTests({ tests }: TestReport): string {
  return tests.flatMap(({ name, failures }) => failures.map((failure) => sayFailure(name, failure))).join("\n\n");
}

function sayFailure(name: string, { place, expected, got }: TestFailure): string {
  const { file, line, column } = place;
  return `error: the test "${name}" fails: expected ${expected}, got ${got}\n  --> ${file}:${line}:${column}`;
}
