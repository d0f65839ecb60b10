// What docs/logging.md shows of lines, messages and metrics, compared with a proxy that is running.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../src/io/settings/settings-file.ts";
import { openFolder } from "../e2e/folder.ts";
import { observe } from "../e2e/observed-proxy.ts";
import { blocksOf, ROOT } from "./page.ts";

const PAGE = readFileSync(join(ROOT, "docs/logging.md"), "utf8");
const BLOCKS = blocksOf("docs/logging.md");

function blockOf(word: string): string {
  const block = BLOCKS.find(({ words }) => words[0] === word);
  if (block === undefined) throw new Error(`logging.md shows no ${word}`);
  return block.text;
}

test.each(["servers.json", "every.json"])("the settings in %s are good", (name) => {
  expect(parseSettings("/etc/proxy/servers.json", blockOf(name), {})).toMatchObject({ kind: "settings" });
});

describe("with the page's policy", () => {
  const policy = blockOf("policy.mcprules").replace("mcprules 1", "").replaceAll("on files", "on own");
  const sinks = { audit: { to: "audit" }, wire: { to: "wire", form: "messages", filter: { from: "client" } } };
  const args = { path: "/home/me/projects/a.txt", content: "AKIAABCDEFGHIJKLMNOP" };

  test("lines of rules and whole messages have the fields it shows", async () => {
    const { folder, call, end } = await observe(policy, { log: { to: "log", sinks } }, openFolder(), ["write_file"]);
    await call("write_file", args);
    await end();
    const lineIn = (name: string): object | undefined =>
      folder
        .read(name)
        .split("\n")
        .filter((line) => line.includes("write_file") && line.includes("tools/call"))
        .map((line) => JSON.parse(line) as object)
        .find((line) => "sink" in line || "message" in line);
    for (const [name, word] of [
      ["audit", "line"],
      ["wire", "message"],
    ] as const) {
      const documented = JSON.parse(blockOf(word)) as object;
      expect(Object.keys(lineIn(name) ?? {}).toSorted()).toEqual(Object.keys(documented).toSorted());
    }
    expect(lineIn("wire")).toMatchObject({ message: { params: { arguments: { content: "***" } } } });
  });

  test("the metrics are those of its table", async () => {
    const { folder, call } = await observe(policy, { log: { to: "log", sinks }, metrics: { port: 0 } }, openFolder(), [
      "write_file",
    ]);
    await call("write_file", args);
    const [url = ""] = /http:\/\/\S+\/metrics/.exec(folder.read("log")) ?? [];
    const text = await (await fetch(url)).text();
    const served = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    const documented = [...PAGE.matchAll(/`(mcprules_\w+)`/g)].map(([, name]) => name);
    expect(new Set(documented)).toEqual(new Set(served));
  });
});
