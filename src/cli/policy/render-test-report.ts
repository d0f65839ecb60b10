// The outcome of `mcprules test` for people: what failed, on which line, what was expected, and how it came about.
import type { Coverage } from "../../inspect/play/coverage.ts";
import type { TestFailure, TestOutcome, TestReport } from "../../inspect/play/test-report.ts";
import { lineText, type SourceText } from "../../source/source-text.ts";
import { printable, type Paint } from "../paint.ts";
import { renderDifference, renderExplanation, row, shown } from "./render-explanation.ts";

/** Lines end with a line feed; what passed is counted, not listed. */
export function renderTestReport(report: TestReport, sources: readonly SourceText[], paint: Paint): string {
  const failed = report.tests.filter((test) => test.failures.length > 0);
  const blocks = failed.map((test) => renderTest(test, sources, paint));
  const notes = report.tests.flatMap((test) => renderNotes(test, paint));
  const coverage = report.coverage ? [renderCoverage(report.coverage, paint)] : [];
  return [...blocks, ...(notes.length > 0 ? [notes.join("")] : []), ...coverage, summary(report, paint)].join("\n");
}

function renderCoverage({ rules, reached, goals, percent }: Coverage, paint: Paint): string {
  const gaps = rules.flatMap(({ rule, place, missing }) =>
    missing.map((words) => `  ${paint.dim(`${printable(place.file)}:${place.line}`)} ${rule}: ${shown(words)}\n`),
  );
  return `${paint.bold(`coverage ${percent} %`)} (${reached} of ${goals})\n${gaps.join("")}`;
}

function summary({ passed, failed }: TestReport, paint: Paint): string {
  const counts = [paint.green(`${passed} passed`), failed > 0 ? paint.red(`${failed} failed`) : `${failed} failed`];
  return `${counts.join(", ")}\n`;
}

function renderTest({ name, failures }: TestOutcome, sources: readonly SourceText[], paint: Paint): string {
  const title = `${paint.red("failed")} ${paint.bold(printable(name))}\n`;
  return title + failures.map((failure) => renderFailure(failure, sources, paint)).join("\n");
}

function renderNotes({ name, notes = [] }: TestOutcome, paint: Paint): readonly string[] {
  return notes.map(({ place, text }) => {
    const where = paint.dim(`${printable(place.file)}:${place.line}`);
    return `${paint.yellow("passed, but")} ${where} ${printable(name)}: ${shown(text)}\n`;
  });
}

function renderFailure(failure: TestFailure, sources: readonly SourceText[], paint: Paint): string {
  const { file, line, column } = failure.place;
  const source = sources.find(({ path }) => path === file);
  const lines = [
    paint.dim(`  --> ${printable(file)}:${line}:${column}`),
    ...(source ? [`  ${paint.dim(`${line} |`)} ${printable(lineText(source, line).trim())}`] : []),
    row("expected", paint.green(shown(failure.expected))),
    row("got", paint.red(shown(failure.got))),
    ...(failure.near ?? []).map((words) => row("near", shown(words))),
    ...(failure.differences.length > 1 ? failure.differences.map((one) => row("", renderDifference(one, paint))) : []),
    ...(failure.explanation ? renderExplanation(failure.explanation, paint, { allParts: false }) : []),
  ];
  return `${lines.join("\n")}\n`;
}
