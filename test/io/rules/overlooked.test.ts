// Files that nearly are part of a policy: which are said to be, and which are left alone.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { overlookedFiles } from "../../../src/io/rules/overlooked.ts";
import { walkRules } from "../../../src/io/rules/rules-tree.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mcprules-overlooked-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), "");
}

async function overlookedIn(root = "rules"): Promise<readonly string[]> {
  const tree = await walkRules([{ shown: root, path: join(folder, root) }]);
  return (await overlookedFiles(tree)).map(({ message, help = "" }) => `${message}: ${help}`);
}

test.each([
  ["b.mcprule", "rules end in `.mcprules`"],
  ["b.MCPRULES", "rules end in `.mcprules`"],
  ["b.mcprlues", "rules end in `.mcprules`"],
  ["block.mcprules.txt", "rules end in `.mcprules`"],
  ["deep/er/b.mcprule", "rules end in `.mcprules`"],
  [".b.mcprules", "a name that begins with a dot is passed over"],
  [".x/policy.mcprules", "folders whose names begin with a dot are passed over"],
  [".x/y/.z/policy.mcprules", "folders whose names begin with a dot are passed over"],
])("%s is said to be none", async (name, why) => {
  write("rules/a.mcprules");
  write(`rules/${name}`);
  expect(await overlookedIn()).toEqual([`\`rules/${name}\` is no part of the policy: ${why}`]);
});

test.each([
  "a.mcprules~",
  "a.mcprules.bak",
  "a.mcprules.orig",
  "a.mcprules.off",
  ".a.mcprules.swp",
  "._a.mcprules",
  "mcprules.lock",
  "mcprules.json",
  "README.md",
  "modules/m.mjs",
  "translations/fr.po",
  ".git/x.mcprules",
  ".x/README.md",
])("%s is left alone", async (name) => {
  write("rules/a.mcprules");
  write(`rules/${name}`);
  expect(await overlookedIn()).toEqual([]);
});

test("the files of a mounted volume count by the links to them", async () => {
  write("rules/..2026_11_01/a.mcprules");
  symlinkSync("..2026_11_01", join(folder, "rules/..data"));
  symlinkSync("..data/a.mcprules", join(folder, "rules/a.mcprules"));
  expect(await overlookedIn()).toEqual([]);
});

test("beside a policy of one file, nothing is said of others", async () => {
  write("rules/a.mcprules");
  write("rules/b.mcprule");
  expect(await overlookedIn("rules/a.mcprules")).toEqual([]);
});

test("grammar/diagnostics.md names one that is overlooked, and its cure", async () => {
  const page = readFileSync(new URL("../../../grammar/diagnostics.md", import.meta.url), "utf8");
  const [bad = "", good = ""] = [...page.matchAll(/```mcprules (\S+)\n/g)].map(([, name]) => name);
  write(`bad/${bad}`);
  write(`good/${good}`);
  expect([await overlookedIn("bad"), await overlookedIn("good")]).toMatchObject([{ length: 1 }, { length: 0 }]);
});
