// Files that get new content whole or not at all, and stay what they are besides.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { replaceFile } from "../../src/io/replace-file.ts";

const folder = mkdtempSync(join(tmpdir(), "replace-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "file");
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});

const isRoot = process.getuid?.() === 0;

test("a new file is made, with the permissions it is to have", () => {
  replaceFile(file, "new");
  replaceFile(join(folder, "own"), "secret", 0o600);
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(join(folder, "own")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["file", "own"]);
});

test("one that others can read is closed to them when it is to be", () => {
  writeFileSync(file, "old", { mode: 0o644 });
  replaceFile(file, "secret", 0o600);
  expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual(["secret", 0o600]);
});

test.each([0o640, 0o755, 0o600])("its permissions stay: %o", (mode) => {
  writeFileSync(file, "old");
  chmodSync(file, mode);
  replaceFile(file, "new");
  expect([readFileSync(file, "utf8"), statSync(file).mode & 0o777]).toEqual(["new", mode]);
});

test("whoever has it open goes on reading the old one", () => {
  writeFileSync(file, "old");
  const before = statSync(file).ino;
  replaceFile(file, "new");
  expect(statSync(file).ino).not.toBe(before);
});

test("a link stays one, and what it leads to is new", () => {
  writeFileSync(file, "old");
  symlinkSync("file", join(folder, "link"));
  replaceFile(join(folder, "link"), "new");
  expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, "utf8")).toBe("new");
});

test("other names of it have the new content too", () => {
  writeFileSync(file, "old");
  linkSync(file, join(folder, "other"));
  replaceFile(file, "new");
  expect(readFileSync(join(folder, "other"), "utf8")).toBe("new");
});

test.runIf(isRoot)("its owner stays who it is", () => {
  writeFileSync(file, "old");
  execFileSync("chown", ["65534", file]);
  replaceFile(file, "new");
  expect([readFileSync(file, "utf8"), statSync(file).uid]).toEqual(["new", 65_534]);
});

test("a folder is none", () => {
  expect(() => replaceFile(folder, "new")).toThrow("EISDIR");
});
