// Where `mcprules lock` writes and finds its file, from outside, and what is said of one that cannot be used.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { EVOLVING, folder, mcprules, OWN, settings, tools } from "./outside.ts";

describe("without a settings file", () => {
  test("it is of the one server behind `--`, and lies here", () => {
    mkdirSync(folder.at("one"));
    const args = ["--", process.execPath, OWN];
    expect(mcprules(["lock", ...args], "one", tools("a"))).toMatchObject({
      status: 0,
      stdout: "mcprules.lock\n  server  listing 1.0.0: 1 tool\n",
    });
    folder.write("one/p.mcprules", 'mcprules 1\ndefault allow\nrule r\n  when tool b on "server"\n  block\n');
    expect(mcprules(["check", "p.mcprules"], "one").stderr).toContain("no tool of `server` is called `b`");
    expect(mcprules(["run", "--rules", "p.mcprules", ...args], "one", tools("a"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("no tool of `server` is called `b`"),
    });
  });

  test("it lies with the rules it is for", () => {
    mkdirSync(folder.at("two/rules"), { recursive: true });
    mcprules(["lock", "--rules", "rules", "--name", "notes", "--", process.execPath, OWN], "two", tools("a"));
    expect(
      Object.keys((JSON.parse(folder.read("two/rules/mcprules.lock")) as { servers: object }).servers),
    ).toStrictEqual(["notes"]);
  });

  test("one of other servers keeps what it says when nobody could be asked", () => {
    folder.write("kept/s.json", settings({ own: EVOLVING, other: EVOLVING }));
    mcprules(["lock", "--config", "s.json"], "kept", tools("a"));
    const serversIn = (): object =>
      (JSON.parse(folder.read("kept/mcprules.lock")) as { readonly servers: object }).servers;
    const before = serversIn();
    const { status, stderr } = mcprules(["lock", "--", "no-such-program"], "kept");
    expect([status, stderr]).toEqual([1, expect.stringContaining("cannot be asked what it has")]);
    expect(Object.keys(before)).toEqual(["other", "own"]);
    expect(serversIn()).toEqual(before);
  });

  test.each([
    ["nothing to ask", ["lock"], 2, "there is no settings file here"],
    ["a place for what has one", ["lock", "--config", "../own.json", "--rules", "."], 2, "leave it out"],
    ["two ways to say what", ["lock", "--config", "s.json", "--", "x"], 2, "not both"],
    ["a command without `--`", ["lock", "x"], 2, "write `--` before the command"],
    ["nothing to compare with", ["lock", "--check", "--", "x"], 1, "there is no lock to compare with: `mcprules.lock`"],
  ])("%s", (_, args, status, told) => {
    mkdirSync(folder.at("bare"), { recursive: true });
    folder.write("own.json", settings({ own: EVOLVING }));
    expect(mcprules(args, "bare", tools("a"))).toMatchObject({
      status,
      stdout: "",
      stderr: expect.stringContaining(told),
    });
  });
});

describe("one that cannot be used", () => {
  beforeAll(() => {
    folder.write("bad/s.json", settings({ own: EVOLVING }, { rules: ["p.mcprules"] }));
    folder.write("bad/p.mcprules", "mcprules 1\n\ndefault allow\n");
    mcprules(["lock", "--config", "s.json"], "bad", tools("a"));
    writeFileSync(
      folder.at("bad/mcprules.lock"),
      `<<<<<<< ours\n${readFileSync(folder.at("bad/mcprules.lock"), "utf8")}`,
    );
  });

  test.each([
    ["check", "p.mcprules"],
    ["test", "p.mcprules"],
    ["run", "--config", "s.json"],
    ["lock", "--check", "--config", "s.json"],
  ])("is refused by `%s`", (...args) => {
    expect(mcprules(args, "bad", tools("a"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("error: the lock cannot be used: it is no JSON\n  --> mcprules.lock:1:1"),
    });
  });

  test("is written anew", () => {
    expect(mcprules(["lock", "--config", "s.json"], "bad", tools("a"))).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^warning: the lock cannot be used/),
      stdout: "mcprules.lock\n  own  listing 1.0.0: 1 tool\n",
    });
    expect(mcprules(["lock", "--check", "--config", "s.json"], "bad", tools("a"))).toMatchObject({
      status: 0,
      stderr: "",
    });
    rmSync(folder.at("bad/mcprules.lock"));
  });

  test("because it is a folder cannot be written", () => {
    mkdirSync(folder.at("bad/mcprules.lock"));
    expect(mcprules(["lock", "--config", "s.json"], "bad", tools("a"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("error: `mcprules.lock` cannot be written: EISDIR"),
    });
    expect(readdirSync(folder.at("bad")).toSorted()).toStrictEqual(["mcprules.lock", "p.mcprules", "s.json"]);
  });
});
