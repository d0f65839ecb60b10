// `mcprules fmt`, from outside: what it writes, what it prints, and how it ends.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ANYHOW = "mcprules 1   default allow # by and large\n";
const LAYOUT = "mcprules 1\n\ndefault allow # by and large\n";
const BROKEN = "mcprules 1\nrule a\n  blok\n";
/** For root no file is read-only. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
let folder = "";

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-fmt-")));
  writeFileSync(join(folder, "anyhow.mcprules"), ANYHOW);
  writeFileSync(join(folder, "fine.mcprules"), "mcprules 1\n");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("writes in place, and names what it changed", () => {
  expect(fmt(["."])).toEqual({ status: 0, stdout: "changed: anyhow.mcprules\n", stderr: "" });
  expect(textOf("anyhow.mcprules")).toBe(LAYOUT);
  expect(fmt(["."])).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("with --check changes nothing, and fails when something would be", () => {
  expect(fmt(["--check", "."])).toEqual({ status: 1, stdout: "would be changed: anyhow.mcprules\n", stderr: "" });
  expect(textOf("anyhow.mcprules")).toBe(ANYHOW);
  expect(fmt(["--check", "fine.mcprules"]).status).toBe(0);
});

test.skipIf(!mayBeNobody())("says so where a file cannot be written", () => {
  chmodSync(folder, 0o755);
  chmodSync(join(folder, "anyhow.mcprules"), 0o444);
  const { status, stdout, stderr } = fmt(["."], "", NOBODY);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^error: `anyhow\.mcprules` cannot be written: EACCES[^\n]*\n$/);
  expect(textOf("anyhow.mcprules")).toBe(ANYHOW);
});

test.skipIf(process.platform === "win32")("a file that does not find room stays as it was", () => {
  const large = `${ANYHOW}${"# a line of a long comment that says nothing of interest to anybody\n".repeat(200)}`;
  writeFileSync(join(folder, "anyhow.mcprules"), large);
  const words = [process.execPath, join(ROOT, "dist/cli.js"), "fmt", "."].map((word) => `'${word}'`).join(" ");
  const { status, stderr } = spawnSync("sh", ["-c", `ulimit -f 2 && exec ${words}`], { cwd: folder, encoding: "utf8" });
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^error: `anyhow\.mcprules` cannot be written: EFBIG[^\n]*\n$/),
  ]);
  expect(textOf("anyhow.mcprules")).toBe(large);
  expect(readdirSync(folder).sort()).toEqual(["anyhow.mcprules", "fine.mcprules"]);
});

test("leaves a file with mistakes alone, and says what is wrong", () => {
  writeFileSync(join(folder, "broken.mcprules"), BROKEN);
  const { status, stderr } = fmt(["."]);
  expect(status).toBe(1);
  expect(stderr).toContain("`blok` does not fit here");
  expect(textOf("broken.mcprules")).toBe(BROKEN);
  expect(textOf("anyhow.mcprules")).toBe(LAYOUT);
});

test("reads stdin and writes stdout", () => {
  expect(fmt(["-"], ANYHOW)).toEqual({ status: 0, stdout: LAYOUT, stderr: "" });
  expect(fmt(["-"], BROKEN)).toMatchObject({ status: 1, stdout: "" });
});

test("as JSON", () => {
  expect(JSON.parse(fmt(["--check", "--json", "."]).stdout)).toEqual({ changed: ["anyhow.mcprules"], diagnostics: [] });
});

function fmt(
  args: readonly string[],
  input = "",
  as: { readonly uid?: number; readonly gid?: number } = {},
): { status: number | null; stdout: string; stderr: string } {
  const command = [join(ROOT, "dist/cli.js"), "fmt", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: "utf8",
    input,
    ...as,
  });
  return { status, stdout, stderr };
}

/** Not where this Node, or this clone, is root's own. */
function mayBeNobody(): boolean {
  return spawnSync(process.execPath, [join(ROOT, "dist/cli.js"), "--version"], { cwd: "/", ...NOBODY }).status === 0;
}

function textOf(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
