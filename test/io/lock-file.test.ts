// `mcprules.lock` on disk: where it is looked for, what is said of one that cannot be used, and how it is written.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { digest, lockPlaces, readLockFile, writeLockFile } from "../../src/io/lock-file.ts";
import { lockText, lockedThings, type CatalogueLock } from "../../src/mcp/catalogue-lock.ts";
import { openFolder } from "../e2e/folder.ts";

const folder = openFolder();

function lockOf(description: string): CatalogueLock {
  const things = lockedThings(
    { tool: [{ name: "read", description }], prompt: [], resource: [], template: [] },
    digest,
  );
  return { servers: new Map([["files", { name: "s", version: "1.0.0", things }]]) };
}

describe("it lies", () => {
  const rules = folder.at("rules");

  test("beside the settings, and nowhere else", () => {
    expect(lockPlaces({ settings: "/etc/proxy/mcp.json", rules: [rules] })).toStrictEqual(["/etc/proxy/mcprules.lock"]);
  });

  test("without settings in the folder of the rules, or beside it; beside a file", () => {
    mkdirSync(rules, { recursive: true });
    expect(lockPlaces({ settings: undefined, rules: [rules, folder.at("a/p.mcprules")] })).toStrictEqual([
      folder.at("rules/mcprules.lock"),
      folder.at("mcprules.lock"),
      folder.at("a/mcprules.lock"),
    ]);
  });

  test("where the first one is", () => {
    writeLockFile(folder.at("mcprules.lock"), lockOf("outer"));
    expect(readLockFile([folder.at("rules/mcprules.lock"), folder.at("mcprules.lock")])).toMatchObject({
      kind: "lock",
      path: folder.at("mcprules.lock"),
    });
    expect(readLockFile([folder.at("rules/mcprules.lock")])).toStrictEqual({ kind: "none" });
  });
});

describe("it cannot be used, and it is said where and why", () => {
  const good = lockText(lockOf("Reads."));

  test.each([
    ["a merge that nobody finished", good.replace('  "servers"', '<<<<<<< ours\n  "servers"'), "it is no JSON", ":3:1"],
    [
      "a definition that was changed by hand",
      good.replace("Reads.", "Writes."),
      "the hash of `read` does not fit its definition",
      ":7:17",
    ],
    ["an empty file", "", "it is no JSON", ":1:1"],
    ["a lock of later days", '{\n  "lockVersion": 9\n}', "another version of mcprules wrote it", ":2:18"],
  ])("%s", (_, text, reason, place) => {
    const path = folder.at("damaged/mcprules.lock");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    const reading = readLockFile([path]);
    expect(reading.kind).toBe("damaged");
    expect("report" in reading ? reading.report : "").toBe(
      `error: the lock cannot be used: ${reason}\n  --> ${path}${place}\n   = help: \`mcprules lock\` writes it anew, from what the servers offer now\n`,
    );
  });

  test("what is no text", () => {
    const path = folder.at("damaged/mcprules.lock");
    writeFileSync(path, Buffer.from([0x7b, 0xff, 0x7d]));
    expect(readLockFile([path])).toMatchObject({ kind: "damaged", report: expect.stringContaining("it is not UTF-8") });
    expect(readLockFile([folder.at("damaged")])).toMatchObject({ kind: "damaged" });
  });
});

test("it is written whole, and only if it says something new", () => {
  const path = folder.at("written/mcprules.lock");
  mkdirSync(dirname(path));
  writeLockFile(path, lockOf("one"));
  const { ino, mtimeNs } = statSync(path, { bigint: true });
  writeLockFile(path, lockOf("one"));
  expect(statSync(path, { bigint: true })).toMatchObject({ ino, mtimeNs });
  writeLockFile(path, lockOf("two"));
  expect(readFileSync(path, "utf8")).toBe(lockText(lockOf("two")));
  expect(readdirSync(dirname(path))).toStrictEqual(["mcprules.lock"]);
});
