// What README and docs show of the running program, compared with the running program.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import { outcomeOf, play } from "../rules-examples/story.ts";
import { blocksOf, ROOT } from "./page.ts";

test("the tour prints what the README shows of it", { timeout: 60_000 }, () => {
  const block = blocksOf("README.md").find(({ words }) => words.includes("tour"));
  const { stdout } = spawnSync(process.execPath, [join(ROOT, "dist/tour.js"), "--once"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const shown = block?.text.trimEnd().split("\n") ?? [];
  expect(shown.length).toBeGreaterThan(10);
  const printed = new Set(stdout.split("\n"));
  expect(shown.filter((line) => !printed.has(line))).toStrictEqual([]);
});

test("a decision is logged with the fields that operations.md shows", { timeout: 60_000 }, async () => {
  const block = blocksOf("docs/operations.md").find(({ words }) => words.includes("record"));
  const documented = JSON.parse(block?.text ?? "") as object;
  const stage = await play("read-only-files");
  const params = { name: "read_text_file", arguments: { path: "/etc/passwd" } };
  await outcomeOf(stage.client, { method: "tools/call", params });
  await expect.poll(() => stage.log()).toContain("inside-the-project");
  await stage.close();
  const lines = stage.log().split("\n");
  const line = lines.find((one) => one.includes("inside-the-project")) ?? "";
  expect(new Set(Object.keys(JSON.parse(line) as object))).toStrictEqual(new Set(Object.keys(documented)));
});

const RULE = "mcprules 1 default allow rule r when tools/call *";

test.each([
  ["ask", `${RULE} allow ask "Really?"`],
  ["limit", `${RULE} limit 5 per 1m`],
  ["cache", `${RULE} cache for 1m`],
  ["translate", `mcprules 1 default allow rule r when result of tools/call * translate to "fr"`],
  ["call", `${RULE} call scanner`],
  ["tag … for", `${RULE} tag seen for 1h by user`],
])("`%s` does not work yet, and says so", (word, text) => {
  const { policy, diagnostics } = compilePolicy([{ path: "p.mcprules", text }], { now: 0 });
  expect(policy).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toContain("MR590");
  expect(readFileSync(join(ROOT, "README.md"), "utf8")).toContain(`\`${word}\``);
});
