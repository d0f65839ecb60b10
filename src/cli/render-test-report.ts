// The outcome of `mcprules test` for people: what failed, on which line, what was expected, and how it came about.
import type { Explanation } from "../inspect/explanation.ts";
import type { Difference } from "../inspect/json-diff.ts";
import type { TestFailure, TestOutcome, TestReport } from "../inspect/test-report.ts";
import type { JsonValue } from "../mcp/json.ts";
import { lineText, type SourceText } from "../source/source-text.ts";
import { printable, type Paint } from "./paint.ts";

/** Longer JSON is cut: a failure is read, not stored. `--json` has all of it. */
const LONGEST = 400;

/** Lines end with a line feed; what passed is counted, not listed. */
export function renderTestReport(report: TestReport, sources: readonly SourceText[], paint: Paint): string {
  const failed = report.tests.filter((test) => test.failures.length > 0);
  const blocks = failed.map((test) => renderTest(test, sources, paint));
  return [...blocks, summary(report, paint)].join("\n");
}

function summary({ passed, failed }: TestReport, paint: Paint): string {
  const counts = [paint.green(`${passed} passed`), failed > 0 ? paint.red(`${failed} failed`) : `${failed} failed`];
  return `${counts.join(", ")}\n`;
}

function renderTest({ name, failures }: TestOutcome, sources: readonly SourceText[], paint: Paint): string {
  const title = `${paint.red("failed")} ${paint.bold(printable(name))}\n`;
  return title + failures.map((failure) => renderFailure(failure, sources, paint)).join("\n");
}

function renderFailure(failure: TestFailure, sources: readonly SourceText[], paint: Paint): string {
  const { file, line, column } = failure.place;
  const source = sources.find(({ path }) => path === file);
  const lines = [
    paint.dim(`  --> ${printable(file)}:${line}:${column}`),
    ...(source ? [`  ${paint.dim(`${line} |`)} ${printable(lineText(source, line).trim())}`] : []),
    `  expected  ${paint.green(shown(failure.expected))}`,
    `  got       ${paint.red(shown(failure.got))}`,
    ...(failure.differences.length > 1 ? failure.differences.map((one) => `    ${renderDifference(one, paint)}`) : []),
    ...(failure.explanation ? renderExplanation(failure.explanation, paint) : []),
  ];
  return `${lines.join("\n")}\n`;
}

function renderExplanation(explanation: Explanation, paint: Paint): readonly string[] {
  const { method, from, server, name, before, changes } = explanation;
  const what = [method, name, server === undefined ? undefined : `on ${server}`].filter((word) => word !== undefined);
  return [
    `  message   ${printable(what.join(" "))}, from the ${from}`,
    `            ${paint.dim(shownJson(before))}`,
    ...changes.map((change) => `  changed   ${renderDifference(change, paint)}`),
  ];
}

/** `- before` and `+ after`, with the place in the value. */
export function renderDifference({ path, before, after }: Difference, paint: Paint): string {
  const at = path === "" ? "" : `${printable(path)}: `;
  if (before === undefined) return at + paint.green(`+ ${shownJson(after)}`);
  if (after === undefined) return at + paint.red(`- ${shownJson(before)}`);
  return `${at}${paint.red(`- ${shownJson(before)}`)} ${paint.green(`+ ${shownJson(after)}`)}`;
}

function shownJson(value: JsonValue | undefined): string {
  return shown(JSON.stringify(value) ?? "nothing");
}

function shown(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);
}
