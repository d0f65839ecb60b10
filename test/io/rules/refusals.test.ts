// What a policy is refused with when there is more than one thing wrong, and what is said of rules for those the settings know.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEvaluator } from "../../../src/io/evaluation/evaluator.ts";
import { lockPlaces } from "../../../src/io/lock-file.ts";
import { makeRevision } from "../../../src/io/rules/policy-revision.ts";
import { readRules, type RulesReading } from "../../../src/io/rules/rules-folder.ts";
import { NOTHING_SAID, type Settings } from "../../../src/io/settings/settings.ts";

let folder: string;
const evaluator = createEvaluator();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mcprules-refusals-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await evaluator.close();
});

async function outcomeOf(
  files: Readonly<Record<string, string>>,
  settings: Partial<Settings> = {},
  damage: Partial<RulesReading> = {},
): Promise<string | number> {
  const path = mkdtempSync(join(folder, "rules-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  const roots = [{ shown: "rules", path }];
  const locks = lockPlaces({ settings: undefined, rules: [path] });
  const reading = await readRules(roots, { locks, quietMs: 1, patienceMs: 1000, onWaiting: () => undefined });
  const context = { roots, settings: { ...NOTHING_SAID, ...settings }, evaluator };
  const outcome = await makeRevision({ ...reading, ...damage }, context);
  return outcome.kind === "refused" ? outcome.report : outcome.warnings;
}

const RULE = (clause: string): string => `mcprules 1\ndefault allow\nrule a\n  when tools/call x ${clause}\n  block\n`;

test("a folder that cannot be read is that, and not a broken lock in it", async () => {
  const unreadable = ["sec: permission denied"];
  expect(await outcomeOf({ "mcprules.lock": "{" }, { pin: "block" }, { unreadable })).toBe(
    "error: the rules cannot be read: sec: permission denied",
  );
});

test("where there are no rules, those that nearly are some are named", async () => {
  const report = await outcomeOf({ ".x/policy.mcprules": RULE(""), "b.mcprule": RULE("") });
  expect(report).toContain("= note: `rules/b.mcprule` is no part of the policy: rules end in `.mcprules`\n");
  expect(report).toContain("= note: `rules/.x/policy.mcprules` is no part of the policy: folders whose names");
});

const SERVER = { kind: "process", name: "s", command: "x", args: [], env: {}, cwd: "/", root: "/", home: "/" } as const;
const OF_FILE = { file: "/etc/servers.json", servers: [SERVER] };
const PROFILES = [{ name: "dev", servers: ["s"], rules: [] }];
const AUTH = { bearer: [], jwt: undefined };

test.each([
  ["a profile that there is", 'for profile "dev"', { ...OF_FILE, profiles: PROFILES }, 0],
  ["a profile where there are none", 'for profile "dev"', OF_FILE, 0],
  ["a user where some are known", "for user ada", { ...OF_FILE, auth: AUTH }, 0],
  ["a user where nobody is known", "for user ada", OF_FILE, 1],
  ["a user before one command", "for user ada", { servers: [SERVER] }, 0],
] satisfies readonly (readonly [string, string, Partial<Settings>, number])[])(
  "a rule for %s",
  async (_what, clause, settings, warnings) => {
    expect(await outcomeOf({ "a.mcprules": RULE(clause) }, settings)).toBe(warnings);
  },
);

test("a rule for a profile that there is not", async () => {
  const report = await outcomeOf({ "a.mcprules": RULE('for profile "devv"') }, { ...OF_FILE, profiles: PROFILES });
  expect(report).toContain("no profile is called `devv`");
});
