// `mcprules check`, from outside: what it prints, with `--verbose` and as JSON too, and how it ends.
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-check-")));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = {
  "good.mcprules": `mcprules 1
default allow
rule cap in shadow when tools/call search_* on notes where (limit > 50) set limit = 50
rule sum when tools/call search_* on notes where ($sum(a@$x.b) > 1) block
`,
  "warned.mcprules": "mcprules 1\ndefault allow\nlet unused = 5\n",
  "bad.mcprules": "mcprules 1\ndefault allow\nrule a when tool x blok\n",
};

describe("how it ends", () => {
  test.each([
    ["sound", ["good.mcprules"], 0],
    ["with warnings", ["warned.mcprules"], 0],
    ["with warnings that are denied", ["--deny-warnings", "warned.mcprules"], 1],
    ["with an error", ["bad.mcprules"], 1],
    ["without a file", ["nowhere"], 1],
    ["without knowing what to check", [], 2],
  ])("%s", (_, words, status) => {
    const ended = run(...words);
    expect(ended.status).toBe(status);
    expect(ended.stdout).toBe("");
    expect(ended.stderr === "").toBe(words[0] === "good.mcprules");
  });
});

test("--verbose tells how each rule is carried out", () => {
  expect(run("--verbose", "good.mcprules")).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: `cap good.mcprules:3, in shadow
  found by  tools/call, name search_*, server notes
  reads     limit
  writes    limit
  compiled  (limit > 50)
sum good.mcprules:4
  found by  tools/call, name search_*, server notes
  reads     a
  package   ($sum(a@$x.b) > 1) because of \`@$x\`
2 rules, 2 expressions: 1 compiled, 1 in the JSONata package
`,
  });
});

test("the same as one JSON document, diagnostics included", () => {
  const { status, stdout, stderr } = run("--verbose", "--json", "good.mcprules");
  expect([status, stderr]).toStrictEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({
    diagnostics: [],
    rules: [
      { rule: "cap", stage: "shadow", expressions: [{ runs: "compiled" }] },
      {
        rule: "sum",
        found: [{ method: "tools/call", server: "notes", name: "^search_" }],
        expressions: [{ source: "($sum(a@$x.b) > 1)", runs: "packaged", because: "`@$x`" }],
      },
    ],
    order: [],
  });
  expect(JSON.parse(run("--json", "bad.mcprules").stdout)).toMatchObject({ diagnostics: [{ code: "MR201" }] });
});

test("where there is nothing to check, the document says why", () => {
  const { status, stdout, stderr } = run("--json", "nowhere");
  expect([status, stderr]).toStrictEqual([1, ""]);
  expect(JSON.parse(stdout)).toStrictEqual({
    diagnostics: [],
    problems: ["nowhere: there is no such file or folder"],
  });
});

function run(...words: readonly string[]) {
  const cli = join(ROOT, "dist/cli.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "check", ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}
