// `mcprules run` and what stands around `--`: nothing, an empty word, or words that lost their way.
import { beforeAll, expect, test } from "vitest";
import { folder, mcprules, settings } from "./outside.ts";

beforeAll(() => {
  folder.write("p.mcprules", "mcprules 1\ndefault allow\n");
  // What is served where nothing else is named.
  folder.write("mcp.json", settings({ a: { command: "cat" } }));
});

test.each([
  [["run", "--rules", "p.mcprules", "--"], "error: no command stands after `--`\n"],
  [["run", "--rules", "p.mcprules", "--", ""], "error: no command stands after `--`\n"],
  [["lock", "--"], "error: no command stands after `--`\n"],
  [["run", "--rules=p.mcprules", "files", "--", "node", "x"], "error: unexpected `files` before `--`\n"],
  [["run", "--rules=p.mcprules", "node", "x"], "error: unexpected `node`: write `--` before the command to wrap\n"],
  [["run", "--rules", "p.mcprules", "node", "x"], "error: unexpected `node`: write `--` before the command to wrap\n"],
  [
    ["run", "--rules", "p.mcprules", "--name", "my files", "--", "node"],
    "error: `my files` cannot be the name of a server: a letter, then letters, digits, `.` and `-`\n   = help: call it `my-files`\n",
  ],
])("%j", (words, said) => {
  const { status, stdout, stderr } = mcprules(words);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr.startsWith(said)).toBe(true);
});

test("several paths of rules are no command", () => {
  const { status, stderr } = mcprules(["run", "--rules", "p.mcprules", "./gone", "--rules", "gone.mcprules"]);
  expect(status).toBe(1);
  expect(stderr).toContain("gone: there is no such file or folder");
});
