// What is said of rules that are not where they are looked for.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { walkRules } from "../../../src/io/rules/rules-tree.ts";
import { withPlaces } from "../../../src/io/settings/rules-place.ts";

let folder: string;
const at = (path: string): string => join(folder, path);
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-missing-")));
  mkdirSync(at("rules"));
  symlinkSync("../gone", at("rules/link"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const MISSING = "there is no such file or folder";

test.each([
  ["a relative path", "nowhere", () => `${MISSING}: ${at("nowhere")}`],
  ["a pattern", "./rules/*.mcprules", () => `${MISSING}: name the folder, \`./rules\`, and all files below it`],
  ["a pattern here", "*.mcprules", () => `${MISSING}: name the folder, \`.\`, and all files below it`],
  ["the home", "~/rules", () => `${MISSING}: \`~\` is not filled in here, write \`${process.env["HOME"]}/rules\``],
  ["a link", "rules/link", () => "it is a link to `../gone`, and nothing is there"],
])("%s", async (_what, shown, said) => {
  const { unreadable } = await walkRules([{ shown, path: at(shown) }]);
  expect(unreadable).toHaveLength(1);
  expect(unreadable[0]).toContain(`${shown}: ${said()}`);
});

test("an absolute path is not said twice", async () => {
  const path = at("nowhere");
  expect((await walkRules([{ shown: path, path }])).unreadable).toEqual([`${path}: ${MISSING}`]);
});

test("where the settings name it, the place there is said", () => {
  const rules = ["${R}/gone"];
  const mcprules = { rules: ["rules"], profiles: { dev: { rules } } };
  writeFileSync(at("servers.json"), JSON.stringify({ mcpServers: {}, mcprules }));
  const roots = ["rules", "gone"].map((shown) => ({ shown, path: at(shown) }));
  const lines = ["gone: is not there", "rules: permission denied", "elsewhere: is not there"];
  expect(withPlaces(lines, roots, at("servers.json"), { R: "." })).toEqual([
    `gone: is not there\n  --> ${at("servers.json")}:1:76 at mcprules.profiles.dev.rules[0]`,
    `rules: permission denied\n  --> ${at("servers.json")}:1:39 at mcprules.rules[0]`,
    "elsewhere: is not there",
  ]);
  expect(withPlaces(lines, roots, undefined, {})).toEqual(lines);
});
