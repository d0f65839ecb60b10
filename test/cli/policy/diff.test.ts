// `mcprules diff`, from outside: two folders, two git revisions, JSON, and what cannot be compared.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-diff-")));
  mkdirSync(join(folder, "rules"));
  git("init", "--quiet");
  write("rules/policy.mcprules", OLD);
  write("rules/.hidden.mcprules", "no policy at all");
  write("notes.md", "no policy either");
  git("add", ".");
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "old");
  write("rules/policy.mcprules", NEW);
  write("unsound.mcprules", "mcprules 1\ndefault alow\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["a revision and a folder", ["HEAD", "rules"]],
  ["a revision of a path and a file", ["HEAD:rules/policy.mcprules", "rules/policy.mcprules"]],
])("%s", (_, [before = "", after = ""]) => {
  expect(diff(before, after)).toStrictEqual({
    status: 0,
    stderr: "",
    stdout: `removed  rule gone rules/policy.mcprules:5
         no longer refuses tool z
changed  rule small rules/policy.mcprules:3
         changes some of tools/call page: set size = 4; before: changes some of tools/call page: set size = 5
       - set size = 5
       + set size = 4
added    rule fresh rules/policy.mcprules:4
         refuses tool y

Messages of the tests that end otherwise:
  tools/call page on server (pages are small)
    params.arguments.size: - 5 + 4
`,
  });
});

test("the same twice", () => {
  expect(diff("HEAD", "HEAD").stdout).toBe("The rules say the same.\n\nEvery message of the tests ends as before.\n");
});

test("as JSON", () => {
  const { stdout } = diff("HEAD", "rules", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    changes: [
      { id: "gone", change: "removed" },
      { id: "small", change: "changed", gone: ["set size = 5"], come: ["set size = 4"] },
      { id: "fresh", change: "added" },
    ],
    flips: [{ test: "pages are small", differences: [{ path: "params.arguments.size", before: 5, after: 4 }] }],
  });
});

test("as JSON, what is wrong with a policy stands in the one document", () => {
  const { stdout, stderr, status } = diff("rules", "unsound.mcprules", "--json");
  expect([stderr, status]).toStrictEqual(["", 1]);
  expect(JSON.parse(stdout)).toMatchObject({ diagnostics: { after: [{ severity: "error" }] } });
});

test.each([
  ["no such thing", ["HEAD", "nowhere"], 1, "`nowhere` is no file or folder, and no git revision that is known here"],
  ["an option in disguise", ["--", "--output=x", "rules"], 1, "is no file or folder"],
  ["a policy that is not sound", ["HEAD", "unsound.mcprules"], 1, "error[MR"],
  ["one of two", ["HEAD"], 2, "missing required argument 'new'"],
])("%s", (_, args, status, told) => {
  const outcome = diff(...args);
  expect(outcome.stderr).toContain(told);
  expect(outcome.status).toBe(status);
});

function diff(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const command = [join(ROOT, "dist/cli.js"), "diff", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

function git(...args: readonly string[]): void {
  execFileSync("git", args, { cwd: folder });
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

const TEST = `test "pages are small" send tools/call page {"size": 9} expect allow`;
const OLD = `mcprules 1
default allow
rule small when tools/call page with size > 5 set size = 5
${TEST}
rule gone when tool z block
`;
const NEW = `mcprules 1
default allow
rule small when tools/call page with size > 5 set size = 4
rule fresh when tool y block
${TEST}
`;
