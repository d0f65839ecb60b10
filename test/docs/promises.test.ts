// What README and docs show of the running program, compared with the running program.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outcomeOf, play } from "../rules-examples/story.ts";
import { blocksOf, ROOT } from "./page.ts";

test("the tour prints what the README shows of it", { timeout: 60_000 }, () => {
  const block = blocksOf("README.md").find(({ words }) => words.includes("tour"));
  const { stdout } = spawnSync(process.execPath, [join(ROOT, "dist/tour.js"), "--once"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const shown = timeless(block?.text.trimEnd() ?? "").split("\n");
  expect(shown.length).toBeGreaterThan(10);
  const printed = new Set(timeless(stdout).split("\n"));
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

/** How long there is to wait depends on the machine. */
function timeless(text: string): string {
  return text.replaceAll(/Try again in \d+ s/g, "Try again");
}
