// `mcprules diff`: what changed between two versions of a policy, and what the same messages come to under both.
import type { ItemChange } from "../../inspect/diff/policy-diff.ts";
import { diffPolicies } from "../../inspect/diff/policy-diff.ts";
import { verdictFlips, type Flip, type Judged } from "../../inspect/diff/verdict-flips.ts";
import { loadSources, type LoadedPolicy } from "./load-policy.ts";
import { paintFor, printable, type Paint } from "../paint.ts";
import { policyAt } from "./policy-at.ts";
import { renderDifference } from "./render-explanation.ts";
import { printJson } from "../print-json.ts";

export interface DiffRequest {
  /** Files, folders, or git revisions. */
  readonly before: string;
  readonly after: string;
  readonly json?: boolean;
}

/** The exit code: 0 compared, whatever came of it; 1 one of them is no sound policy. */
export async function diff({ before, after, json = false }: DiffRequest): Promise<number> {
  const [oldFiles, newFiles] = [await policyAt(before, after), await policyAt(after, before)];
  const telling = json ? "nothing" : "errors";
  const old = await loadSources(oldFiles, telling);
  const now = await loadSources(newFiles, telling);
  const diagnostics = { before: old.diagnostics, after: now.diagnostics };
  if (old.kind === "none" || now.kind === "none") {
    if (json) printJson({ diagnostics, problems: [old, now].flatMap(problemsOf) });
    return 1;
  }
  try {
    const changes = diffPolicies(old.revision.policy.policy, now.revision.policy.policy);
    const flips = await now.fulfil(verdictFlips(old.revision, now.revision, Date.now()));
    if (json) printJson({ diagnostics, changes, flips });
    else print(changes, flips, paintFor(process.stdout));
  } finally {
    await Promise.all([old.close(), now.close()]);
  }
  return 0;
}

function problemsOf(loaded: LoadedPolicy): readonly string[] {
  return loaded.kind === "none" ? (loaded.problems ?? []) : [];
}

function print(changes: readonly ItemChange[], flips: readonly Flip[], paint: Paint): void {
  const lines = [
    ...changes.flatMap((change) => changeLines(change, paint)),
    ...(changes.length === 0 ? ["The rules say the same."] : []),
    "",
    ...(flips.length === 0
      ? ["Every message of the tests ends as before."]
      : ["Messages of the tests that end otherwise:"]),
    ...flipBlocks(flips, paint),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function changeLines({ item, id, change, place, gone, come, effect }: ItemChange, paint: Paint): readonly string[] {
  const colour = { added: paint.green, removed: paint.red, changed: paint.yellow, moved: paint.cyan }[change];
  const name = item === "default" ? item : `${item} ${printable(id)}`;
  return [
    `${colour(change.padEnd(8))} ${paint.bold(name)} ${paint.dim(`${printable(place.file)}:${place.line}`)}`,
    `         ${printable(effect)}`,
    ...(change === "changed" ? gone.map((line) => paint.red(`       - ${printable(line)}`)) : []),
    ...(change === "changed" ? come.map((line) => paint.green(`       + ${printable(line)}`)) : []),
  ];
}

/** What several messages of a test have in common is said once. */
function flipBlocks(flips: readonly Flip[], paint: Paint): readonly string[] {
  const counts = new Map<string, number>();
  for (const flip of flips) {
    const block = flipLines(flip, paint).join("\n");
    counts.set(block, (counts.get(block) ?? 0) + 1);
  }
  return [...counts].map(([block, count]) => (count === 1 ? block : `${block} ${paint.dim(`(${count} times)`)}`));
}

function flipLines({ test, message, before, after, differences }: Flip, paint: Paint): readonly string[] {
  return [
    `  ${printable(message)} ${paint.dim(`(${printable(test)})`)}`,
    ...(before.verdict === after.verdict && before.rule === after.rule
      ? []
      : [`    ${judgedText(before)} → ${paint.bold(judgedText(after))}`]),
    ...differences.map((difference) => `    ${renderDifference(difference, paint)}`),
  ];
}

function judgedText({ verdict, rule }: Judged): string {
  if (verdict === undefined) return "was not sent";
  return rule === undefined ? verdict : `${verdict} by ${printable(rule)}`;
}
