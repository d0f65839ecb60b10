// `mcprules check`, from outside: what it prints, with `--verbose` and as JSON too, and how it ends.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
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
    problems: [`nowhere: there is no such file or folder: ${join(folder, "nowhere")}`],
  });
});

describe("with the settings alone, the policy is theirs", () => {
  const rules = { "ok/p.mcprules": FILES["good.mcprules"], "no/p.mcprules": FILES["bad.mcprules"] };
  const server = { notes: { command: "none" }, files: { command: "none" } };
  function settings(name: string, mcprules: object): void {
    for (const [path, text] of Object.entries(rules)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, name), JSON.stringify({ mcpServers: server, mcprules }));
  }

  test("a sound one, told how it is carried out", () => {
    settings("s.json", { rules: ["ok"] });
    const { status, stdout, stderr } = run("--verbose", "--config", "s.json");
    expect([status, stderr]).toStrictEqual([0, ""]);
    expect(stdout).toContain("cap ok/p.mcprules:3, in shadow");
  });

  test("one with an error, whose file is named as it is found from here", () => {
    settings("s.json", { rules: ["no"] });
    const { status, stderr } = run("--config", "s.json");
    expect(status).toBe(1);
    expect(stderr).toContain("--> no/p.mcprules:3:");
  });

  test("with servers that the settings do not have", () => {
    settings("s.json", { rules: ["ok"] });
    writeFileSync(
      join(folder, "s.json"),
      JSON.stringify({ mcpServers: { files: server.files }, mcprules: { rules: ["ok"] } }),
    );
    expect(run("--config", "s.json").stderr).toContain("`notes`");
  });

  test("that of each profile, with its servers alone", () => {
    const profiles = { dev: { servers: ["notes"], rules: ["ok"] }, ops: { servers: ["files"], rules: ["ok", "no"] } };
    settings("s.json", { profiles });
    const { status, stdout } = run("--json", "--verbose", "--config", "s.json");
    expect(status).toBe(1);
    expect((JSON.parse(stdout) as { diagnostics: { code: string }[] }).diagnostics.map(({ code }) => code)).toContain(
      "MR201",
    );
    settings("s.json", { profiles: { ...profiles, ops: { servers: ["notes"], rules: ["ok"] } } });
    const sound = run("--json", "--verbose", "--config", "s.json");
    expect(JSON.parse(sound.stdout)).toMatchObject({
      diagnostics: [],
      policies: [{ rules: [{}, {}] }, { rules: [{}, {}] }],
    });
  });

  test("and there is none, if they say nowhere where the rules lie", () => {
    settings("s.json", {});
    const { status, stderr } = run("--config", "s.json");
    expect(status).toBe(1);
    expect(stderr).toContain("error: s.json says nowhere where the rules lie");
  });

  test("and there are none, if the file is not there", () => {
    expect(run("--config", "nowhere.json").status).toBe(1);
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
