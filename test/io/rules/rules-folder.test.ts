// The rules tree as it is read: which files count, in which order, what refuses it, and what its hash and commit say.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commitOf } from "../../../src/io/rules/git-state.ts";
import { type RulesReading, readRules } from "../../../src/io/rules/rules-folder.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-rules-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string | Buffer = `# ${path}`): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function read(...paths: readonly string[]): Promise<RulesReading> {
  const roots = paths.map((path) => ({ shown: path, path: join(folder, path) }));
  return readRules(roots, { quietMs: 5, patienceMs: 1000, onWaiting: () => undefined });
}

async function namesIn(...paths: readonly string[]): Promise<readonly string[]> {
  return (await read(...paths)).sources.map(({ path }) => path);
}

describe("which files count", () => {
  test("every rules file below a folder, by path, bytewise", async () => {
    for (const name of ["b", "a", "B", "é", "z/a", "a/z", "a-z", "a/b/c"]) write(`rules/${name}.mcprules`);
    write("rules/README.md");
    write("rules/mcprules");
    expect(await namesIn("rules")).toEqual(
      ["B", "a-z", "a", "a/b/c", "a/z", "b", "z/a", "é"].map((name) => `rules/${name}.mcprules`),
    );
  });

  test("roots in the order given, one of them a file", async () => {
    write("z/z.mcprules");
    write("a/a.mcprules");
    write("policy.txt");
    expect(await namesIn("z", "policy.txt", "a")).toEqual(["z/z.mcprules", "policy.txt", "a/a.mcprules"]);
  });

  test("nothing whose name begins with a dot", async () => {
    for (const name of ["a", ".b", ".git/c", "d/.e/f"]) write(`rules/${name}.mcprules`);
    expect(await namesIn("rules")).toEqual(["rules/a.mcprules"]);
  });

  test("each once in a mounted ConfigMap", async () => {
    write("rules/..2026_11_01/a.mcprules");
    symlinkSync("..2026_11_01", join(folder, "rules/..data"));
    symlinkSync("..data/a.mcprules", join(folder, "rules/a.mcprules"));
    expect(await namesIn("rules")).toEqual(["rules/a.mcprules"]);
  });

  test("what links lead to, once, and no circle", async () => {
    write("elsewhere/x.mcprules");
    write("rules/a.mcprules");
    symlinkSync("../elsewhere", join(folder, "rules/link"));
    symlinkSync("../elsewhere", join(folder, "rules/second"));
    symlinkSync("..", join(folder, "rules/up"));
    symlinkSync("a.mcprules", join(folder, "rules/again.mcprules"));
    expect(await namesIn("rules")).toEqual(["rules/a.mcprules", "rules/link/x.mcprules"]);
  });
});

describe("catalogues of translations", () => {
  const cataloguesIn = async (...paths: readonly string[]): Promise<readonly string[]> =>
    (await read(...paths)).catalogues.map(({ path }) => path);

  test("are PO files in a folder `translations`, wherever it is below a root", async () => {
    for (const name of [
      "translations/fr.po",
      "a/translations/de.po",
      "a/translations/deep/it.po",
      "fr.po",
      "translations/source.pot",
    ]) {
      write(`rules/${name}`);
    }
    write("rules/translations/x.mcprules");
    expect(await cataloguesIn("rules")).toEqual(["rules/a/translations/de.po", "rules/translations/fr.po"]);
    expect(await namesIn("rules")).toEqual(["rules/translations/x.mcprules"]);
  });

  test("lie beside a policy of one file, and rules beside them are none of its", async () => {
    write("rules/p.mcprules");
    write("rules/other.mcprules");
    write("rules/translations/fr.po");
    write("rules/translations/x.mcprules");
    expect(await cataloguesIn("rules/p.mcprules")).toEqual(["rules/translations/fr.po"]);
    expect(await namesIn("rules/p.mcprules")).toEqual(["rules/p.mcprules"]);
  });

  test("are part of the revision: another text, another hash, another fingerprint", async () => {
    write("rules/p.mcprules");
    const none = await read("rules/p.mcprules");
    write("rules/translations/fr.po", "one");
    const one = await read("rules/p.mcprules");
    write("rules/translations/fr.po", "another");
    const other = await read("rules/p.mcprules");
    expect(new Set([none, one, other].map(({ hash }) => hash)).size).toBe(3);
    expect(new Set([none, one, other].map(({ tree }) => tree.fingerprint)).size).toBe(3);
  });

  test("that are not UTF-8 refuse the policy", async () => {
    write("rules/p.mcprules");
    write("rules/translations/fr.po", Buffer.from([0xe9]));
    expect((await read("rules")).unreadable).toEqual(["rules/translations/fr.po: is not UTF-8"]);
  });
});

describe("what cannot be read refuses the policy", () => {
  test("a root that is not there", async () => {
    const said = `nowhere: there is no such file or folder: ${join(folder, "nowhere")}`;
    expect((await read("nowhere")).unreadable).toEqual([said]);
  });

  test("a link that leads nowhere", async () => {
    write("rules/a.mcprules");
    symlinkSync("gone.mcprules", join(folder, "rules/b.mcprules"));
    expect((await read("rules")).unreadable).toEqual([
      "rules/b.mcprules: it is a link to `gone.mcprules`, and nothing is there",
    ]);
  });

  test("a pipe, without waiting for its other end", async () => {
    mkdirSync(join(folder, "rules"));
    execFileSync("mkfifo", [join(folder, "rules/p.mcprules")]);
    expect((await read("rules")).unreadable).toEqual(["rules/p.mcprules: is not a file"]);
  });

  test("a file that is not UTF-8", async () => {
    write("rules/a.mcprules", Buffer.from([0x23, 0xff]));
    expect((await read("rules")).unreadable).toEqual(["rules/a.mcprules: is not UTF-8"]);
  });
});

describe("the hash", () => {
  test("is the same wherever the tree lies", async () => {
    write("one/sub/a.mcprules", "x");
    write("two/sub/a.mcprules", "x");
    expect((await read("one")).hash).toBe((await read("two")).hash);
  });

  test.each([
    ["a text", () => write("rules/a.mcprules", "y")],
    ["a name", () => renameSync(join(folder, "rules/a.mcprules"), join(folder, "rules/c.mcprules"))],
    ["where one file ends and the next begins", () => write("rules/a.mcprules", "x1 1 0/b.mcprules")],
    ["a new file", () => write("rules/b/d.mcprules", "")],
  ])("changes with %s", async (_what, change) => {
    write("rules/a.mcprules", "x");
    write("rules/b.mcprules", "");
    const before = (await read("rules")).hash;
    change();
    expect((await read("rules")).hash).not.toBe(before);
  });
});

describe("git", () => {
  function git(...args: readonly string[]): string {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    return execFileSync("git", ["-C", folder, ...identity, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  }

  function repository(): string {
    write("rules/a.mcprules");
    write("README.md");
    write(".gitignore", "ignored.mcprules\n");
    git("init");
    git("add", ".");
    git("commit", "-m", "first");
    return git("rev-parse", "HEAD").slice(0, 12);
  }

  test("names the commit, and whether the rules differ from it", async () => {
    const commit = repository();
    const rules = join(folder, "rules");
    expect(await commitOf([rules])).toBe(commit);
    expect(await commitOf([rules, join(rules, "a.mcprules")])).toBe(commit);
    write("README.md", "changed, which is no rule");
    expect(await commitOf([rules])).toBe(commit);
    write("rules/a.mcprules", "changed");
    expect(await commitOf([rules])).toBe(`${commit}-dirty`);
    expect(await commitOf([join(rules, "a.mcprules")])).toBe(`${commit}-dirty`);
  });

  test.each(["rules/new.mcprules", "rules/ignored.mcprules"])("counts %s, which is not in the commit", async (path) => {
    const commit = repository();
    write(path);
    expect(await commitOf([join(folder, "rules")])).toBe(`${commit}-dirty`);
  });

  test("has nothing to say outside of a repository", async () => {
    write("rules/a.mcprules");
    expect(await commitOf([join(folder, "rules")])).toBeUndefined();
  });

  test("at work is waited for, and said", async () => {
    repository();
    write(".git/index.lock", "");
    const said: string[] = [];
    const roots = [{ shown: "rules", path: join(folder, "rules") }];
    const reading = readRules(roots, { quietMs: 5, patienceMs: 30, onWaiting: (reason) => said.push(reason) });
    const unlock = setTimeout(() => rmSync(join(folder, ".git/index.lock")), 300);
    const started = performance.now();
    await reading;
    clearTimeout(unlock);
    expect(performance.now() - started).toBeGreaterThan(250);
    expect(said).toEqual([expect.stringMatching(/^git is at work: .*index\.lock` exists/)]);
  });

  test("in a linked working tree is found too", async () => {
    repository();
    git("worktree", "add", join(folder, "tree"), "-b", "side");
    write(".git/worktrees/tree/index.lock", "");
    const over = AbortSignal.timeout(200);
    const roots = [{ shown: "rules", path: join(folder, "tree/rules") }];
    const reading = readRules(roots, { quietMs: 5, patienceMs: 1000, onWaiting: () => undefined, signal: over });
    await expect(reading).rejects.toThrow("aborted");
  });
});

describe("a file whose writer may be at work", () => {
  async function readingTime(text: string): Promise<number> {
    write("rules/whole.mcprules", "whole\n");
    write("rules/last.mcprules", text);
    const roots = [{ shown: "rules", path: join(folder, "rules") }];
    const started = performance.now();
    await readRules(roots, { quietMs: 5, unfinishedMs: 300, patienceMs: 1000, onWaiting: () => undefined });
    return performance.now() - started;
  }

  test.each([
    ["ends without a line end", "half"],
    ["is empty", ""],
  ])("%s, and is waited for", async (_what, text) => {
    expect(await readingTime(text)).toBeGreaterThan(290);
  });

  test("is no file that ends with a line end", async () => {
    expect(await readingTime("also whole\n")).toBeLessThan(290);
  });

  test("has the time again after each change of its", async () => {
    write("rules/a.mcprules", "one");
    const roots = [{ shown: "rules", path: join(folder, "rules") }];
    const reading = readRules(roots, { quietMs: 5, unfinishedMs: 300, patienceMs: 9000, onWaiting: () => undefined });
    for (const text of ["one two", "one two three", "one two three\n"]) {
      await delay(100);
      write("rules/a.mcprules", text);
    }
    expect((await reading).sources).toEqual([{ path: "rules/a.mcprules", text: "one two three\n" }]);
  });
});
