// The outcome of `mcprules test` for people: what failed, on which line, what was expected, and how it came about.
import type { Explanation } from "../inspect/explanation.ts";
import type { Difference } from "../inspect/json-diff.ts";
import type { TriedPart, TriedRule } from "../inspect/tried-rules.ts";
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
  const { method, from, server, name, before, changes, tried, record } = explanation;
  const by = [record.rule === undefined ? "" : `by ${record.rule}`, record.reason ?? ""].filter(
    (words) => words !== "",
  );
  const what = [method, name, server === undefined ? undefined : `on ${server}`].filter((word) => word !== undefined);
  return [
    `  message   ${printable(what.join(" "))}, from the ${from}`,
    `            ${paint.dim(shownJson(before))}`,
    ...changes.map((change) => `  changed   ${renderDifference(change, paint)}`),
    ...tried.flatMap((rule) => renderTried(rule, paint)),
    `  verdict   ${printable([record.verdict, ...by].join(", "))}`,
  ];
}

/** The rule, and each part of its head that keeps it from matching, or leaves it in doubt. */
function renderTried({ rule, place, truth, parts }: TriedRule, paint: Paint): readonly string[] {
  const said = { yes: paint.green("matches"), no: "no", doubt: paint.yellow("doubt") }[truth];
  const width = { yes: 7, no: 2, doubt: 5 }[truth];
  const where = paint.dim(`${printable(place.file)}:${place.line}`);
  const reasons = parts.filter((part) => (part.kind === "except" ? part.truth !== "no" : part.truth !== "yes"));
  return [
    `  ${said}${" ".repeat(10 - width)}${printable(rule)} ${where}`,
    ...(truth === "yes" ? [] : reasons.filter((part) => part.kind !== "target").map((part) => renderPart(part, paint))),
  ];
}

function renderPart({ kind, text, truth, values }: TriedPart, paint: Paint): string {
  const lead = kind === "except" ? "except " : "";
  const seen = values && (values.length === 0 ? "absent" : values.map((value) => shownJson(value)).join(", "));
  return paint.dim(`            ${truth}: ${lead}${shown(text)}${seen === undefined ? "" : `, where it is ${seen}`}`);
}

/** `- before` and `+ after`, with the place in the value. */
export function renderDifference({ path, before, after }: Difference, paint: Paint): string {
  const at = path === "" ? "" : `${printable(path)}: `;
  if (before === undefined) return at + paint.green(`+ ${shownJson(after)}`);
  if (after === undefined) return at + paint.red(`- ${shownJson(before)}`);
  return `${at}${paint.red(`- ${shownJson(before)}`)} ${paint.green(`+ ${shownJson(after)}`)}`;
}

function shownJson(value: JsonValue | undefined): string {
  return shown(value === undefined ? "nothing" : JSON.stringify(value));
}

function shown(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text);
}
