// `mcprules test`, from outside: what it prints, its JSON and JUnit reports, and its exit codes.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-test-")));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, "empty"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("for people", () => {
  test("all is well", () => {
    expect(run("good.mcprules")).toStrictEqual({ status: 0, stdout: "2 passed, 0 failed\n", stderr: "" });
  });

  test("none at all, which is hardly meant", () => {
    const { status, stdout, stderr } = run("untested.mcprules");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "0 passed, 0 failed\n" });
    expect(stderr).toContain("warning: there is no test in what was given\n   = help: a folder brings all its files");
  });

  test("what failed, where, and how it came about", () => {
    expect(run("good.mcprules", "bad.test.mcprules")).toStrictEqual({
      status: 1,
      stderr: "",
      stdout: `failed a big page stays big
  --> bad.test.mcprules:4:3
  4 | expect params.arguments = {"size": 9, "sort": "name"}
  expected  params.arguments = {"size":9,"sort":"name"}
  got       {"size":5}
            size: - 9 + 5
            sort: - "name"
  message   tools/call page on server, from the client
            {"method":"tools/call","params":{"name":"page","arguments":{"size":9}}}
  matches   small good.mcprules:3
              params.arguments.size: - 9 + 5
  no        fence good.mcprules:4
              yes: except with size < 100, where it is 5
  verdict   allow, by default

  --> bad.test.mcprules:5:3
  5 | expect block by fence
  expected  block by fence
  got       allow by default
  message   tools/call page on server, from the client
            {"method":"tools/call","params":{"name":"page","arguments":{"size":9}}}
  matches   small good.mcprules:3
              params.arguments.size: - 9 + 5
  no        fence good.mcprules:4
              yes: except with size < 100, where it is 5
  verdict   allow, by default

2 passed, 1 failed
`,
    });
  });

  test("what no test has reached", () => {
    const { status, stdout } = run("good.mcprules", "--coverage");
    expect(stdout).toBe(`coverage 66 % (4 of 6)
  good.mcprules:4 fence: it never matched
  good.mcprules:4 fence: \`except with size < 100\` never failed to hold

2 passed, 0 failed
`);
    expect(status).toBe(0);
  });

  test("a policy that is not sound is not played", () => {
    const { status, stdout, stderr } = run("unsound.mcprules");
    expect(stderr).toContain("error[MR");
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: "" });
  });
});

describe("for programs", () => {
  test("JSON holds everything", () => {
    const { status, stdout } = run("good.mcprules", "bad.test.mcprules", "--json", "--coverage");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      diagnostics: [],
      passed: 2,
      failed: 1,
      coverage: { rules: [{ rule: "small" }, { rule: "fence" }] },
      tests: [
        { name: "a page is small", failures: [] },
        { name: "a small page stays" },
        {
          failures: [
            {
              place: { line: 4 },
              differences: [{ path: "size" }, { path: "sort" }],
              explanation: { method: "tools/call" },
            },
            { expected: "block by fence", got: "allow by default" },
          ],
        },
      ],
    });
  });

  test("of a policy that is not sound, the diagnostics", () => {
    const { status, stdout } = run("unsound.mcprules", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [{ severity: "error" }], passed: 0, failed: 0, tests: [] });
  });

  test("JUnit", () => {
    run("good.mcprules", "bad.test.mcprules", "--junit", "report.xml");
    expect(readFileSync(join(folder, "report.xml"), "utf8")).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mcprules" tests="3" failures="1">
  <testsuite name="good.mcprules" tests="2" failures="0">
    <testcase classname="good.mcprules" name="a page is small" file="good.mcprules" line="5"/>
    <testcase classname="good.mcprules" name="a small page stays" file="good.mcprules" line="6"/>
  </testsuite>
  <testsuite name="bad.test.mcprules" tests="1" failures="1">
    <testcase classname="bad.test.mcprules" name="a big page stays big" file="bad.test.mcprules" line="2">
      <failure message="expected params.arguments = {&quot;size&quot;:9,&quot;sort&quot;:&quot;name&quot;}, got {&quot;size&quot;:5}">bad.test.mcprules:4:3</failure>
      <failure message="expected block by fence, got allow by default">bad.test.mcprules:5:3</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  test("JUnit that cannot be written is told of, and is no success", () => {
    const { status, stderr } = run("good.mcprules", "--junit", "nowhere/report.xml");
    expect(stderr).toContain("error: the JUnit report cannot be written: ENOENT");
    expect(stderr).not.toContain("at writeFileSync");
    expect(status).toBe(1);
  });
});

describe("the policy of the settings", () => {
  const settings = (mcprules: object): void =>
    writeFileSync(join(folder, "s.json"), JSON.stringify({ mcpServers: { files: { command: "x" } }, mcprules }));

  test("is played where no path is given", () => {
    settings({ rules: ["good.mcprules"] });
    expect(run("--config", "s.json")).toStrictEqual({ status: 0, stdout: "2 passed, 0 failed\n", stderr: "" });
  });

  test("of each profile, under its name; one that fails is enough", () => {
    const failing = { rules: ["good.mcprules", "bad.test.mcprules"] };
    settings({ profiles: { dev: { rules: ["good.mcprules"] }, ops: failing } });
    const { status, stdout } = run("--config", "s.json");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^profile dev\n2 passed, 0 failed\nprofile ops\nfailed a big page stays big\n/);
    const json = JSON.parse(run("--config", "s.json", "--json").stdout) as object;
    const policies = [
      { profile: "dev", passed: 2, failed: 0 },
      { profile: "ops", passed: 2, failed: 1 },
    ];
    expect(json).toMatchObject({ diagnostics: [], passed: 4, failed: 1, policies });
    run("--config", "s.json", "--junit", "all.xml");
    expect(readFileSync(join(folder, "all.xml"), "utf8")).toContain('tests="5" failures="1"');
  });

  test("that is not sound plays nothing, and fails", () => {
    settings({ profiles: { dev: { rules: ["good.mcprules"] }, ops: { rules: ["unsound.mcprules"] } } });
    const { status, stdout, stderr } = run("--config", "s.json");
    expect([status, stdout]).toStrictEqual([1, "profile dev\n2 passed, 0 failed\n"]);
    expect(stderr).toContain("unsound.mcprules:2");
  });
});

describe("exit codes", () => {
  test.each([
    ["enough is reached", ["good.mcprules", "--fail-under", "50"], 0],
    ["too little is reached", ["good.mcprules", "--fail-under", "100"], 1],
    ["no such file", ["nothing.mcprules"], 1],
    ["no policy in the folder", ["empty"], 1],
    ["no path", [], 2],
    ["no percentage", ["good.mcprules", "--fail-under", "many"], 2],
    ["an unknown option", ["good.mcprules", "--colour"], 2],
  ])("%s", (_, args, status) => {
    expect(run(...args).status).toBe(status);
  });
});

function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const command = [join(ROOT, "dist/cli.js"), "test", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

const FILES = {
  "untested.mcprules": "mcprules 1\ndefault allow\n",
  "good.mcprules": `mcprules 1
default allow
rule small when tools/call page with size > 5 set size = 5
rule fence when tools/call page except with size < 100 block
test "a page is small" send tools/call page {"size": 9} expect size = 5
test "a small page stays" send tools/call page {"size": 2} expect size = 2
`,
  "bad.test.mcprules": `mcprules 1
test "a big page stays big"
  send tools/call page {"size": 9}
  expect params.arguments = {"size": 9, "sort": "name"}
  expect block by fence
`,
  "unsound.mcprules": `mcprules 1
default alow
`,
};
