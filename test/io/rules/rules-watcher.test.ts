// The rules watch: whatever way the tree changes, each state it comes to rest in is handed over once, and soon.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { type RulesReading, readRules } from "../../../src/io/rules/rules-folder.ts";
import { type RulesWatcher, watchRules } from "../../../src/io/rules/rules-watcher.ts";

/** A second is what is promised; many of these tests run at once, beside others. */
const SOON_MS = 6000;

interface Scene {
  readonly at: (path: string) => string;
  readonly write: (path: string, text: string) => void;
  readonly folderOf: (path: string, text: string) => void;
  /** Watches; what is handed over is put into `seen` as the texts joined, or what is unreadable. */
  readonly watch: (path?: string) => Promise<RulesWatcher>;
  readonly seen: readonly string[];
  /** `in time` when this is handed over soon, and nothing else for a while. */
  readonly settled: (text: string) => Promise<string>;
}

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

function openScene(): Scene {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-watch-")));
  const seen: string[] = [];
  const at = (path: string): string => join(folder, path);
  const write = (path: string, text: string): void => writeFileSync(at(path), text);
  const folderOf = (path: string, text: string): void => {
    mkdirSync(at(path), { recursive: true });
    write(`${path}/a.mcprules`, text);
  };
  const watch = async (path = "rules"): Promise<RulesWatcher> => {
    const roots = [{ shown: path, path: at(path) }];
    const first = await readRules(roots, { quietMs: 5, patienceMs: 1000, onWaiting: () => undefined });
    const onReading = async ({ unreadable, sources }: RulesReading): Promise<void> => {
      seen.push([...unreadable, ...sources.map(({ text }) => text)].join("|"));
    };
    const watcher = watchRules(roots, first, { onReading, onWaiting: () => undefined });
    closing.push(async () => {
      await watcher.close();
      rmSync(folder, { recursive: true });
    });
    return watcher;
  };
  const settled = async (text: string): Promise<string> => {
    const started = performance.now();
    while (seen.at(-1) !== text && performance.now() - started < SOON_MS) await delay(10);
    const tookMs = performance.now() - started;
    await delay(700);
    if (seen.at(-1) !== text) return `handed over: ${seen.join(", ")}`;
    return tookMs < SOON_MS ? "in time" : `after ${tookMs} ms`;
  };
  return { at, write, folderOf, watch, seen, settled };
}

describe.concurrent.each([
  ["at once", 0],
  ["after a while", 400],
])("%s", (_when, pauseMs) => {
  const begin = async ({ watch }: Scene, path?: string): Promise<void> => {
    await watch(path);
    await delay(pauseMs);
  };

  test("a write in place", async () => {
    const scene = openScene();
    const { write, folderOf, seen, settled } = scene;
    folderOf("rules", "one");
    await begin(scene);
    write("rules/a.mcprules", "two");
    expect(await settled("two")).toBe("in time");
    write("rules/a.mcprules", "six");
    expect(await settled("six")).toBe("in time");
    expect(seen).toEqual(["two", "six"]);
  });

  test("a rename over the file, as editors do", async () => {
    const scene = openScene();
    const { at, write, folderOf, seen, settled } = scene;
    folderOf("rules", "one");
    await begin(scene);
    for (const text of ["two", "six"]) {
      write("rules/.a.swp", text);
      renameSync(at("rules/.a.swp"), at("rules/a.mcprules"));
      expect(await settled(text)).toBe("in time");
    }
    expect(seen).toEqual(["two", "six"]);
  });

  test("the root itself deleted and made again", async () => {
    const scene = openScene();
    const { at, write, folderOf, settled } = scene;
    folderOf("rules", "one");
    await begin(scene);
    rmSync(at("rules"), { recursive: true });
    folderOf("rules", "two");
    expect(await settled("two")).toBe("in time");
    write("rules/a.mcprules", "six");
    expect(await settled("six")).toBe("in time");
  });

  test("the root a link that is swapped, and edits behind it afterwards", async () => {
    const scene = openScene();
    const { at, write, folderOf, seen, settled } = scene;
    folderOf("v1", "one");
    folderOf("v2", "two");
    symlinkSync("v1", at("rules"));
    await begin(scene);
    symlinkSync("v2", at("rules.new"));
    renameSync(at("rules.new"), at("rules"));
    expect(await settled("two")).toBe("in time");
    write("v2/a.mcprules", "six");
    expect(await settled("six")).toBe("in time");
    expect(seen).toEqual(["two", "six"]);
  });

  test("a link behind the link is swapped", async () => {
    const scene = openScene();
    const { at, folderOf, settled } = scene;
    folderOf("deep/v1", "one");
    folderOf("deep/v2", "two");
    symlinkSync("v1", at("deep/current"));
    symlinkSync("deep/current", at("rules"));
    await begin(scene);
    symlinkSync("v2", at("deep/new"));
    renameSync(at("deep/new"), at("deep/current"));
    expect(await settled("two")).toBe("in time");
  });

  test("a ConfigMap is updated", async () => {
    const scene = openScene();
    const { at, folderOf, seen, settled } = scene;
    folderOf("rules/..v1", "one");
    symlinkSync("..v1", at("rules/..data"));
    symlinkSync("..data/a.mcprules", at("rules/a.mcprules"));
    await begin(scene);
    folderOf("rules/..v2", "two");
    symlinkSync("..v2", at("rules/..data_tmp"));
    renameSync(at("rules/..data_tmp"), at("rules/..data"));
    rmSync(at("rules/..v1"), { recursive: true });
    expect(await settled("two")).toBe("in time");
    expect(seen).toEqual(["two"]);
  });

  test("a root that is one file, replaced", async () => {
    const scene = openScene();
    const { at, write, settled } = scene;
    write("p.mcprules", "one");
    await begin(scene, "p.mcprules");
    write("tmp", "two");
    renameSync(at("tmp"), at("p.mcprules"));
    expect(await settled("two")).toBe("in time");
  });

  test("a folder that comes and goes below the root", async () => {
    const scene = openScene();
    const { at, write, folderOf, settled } = scene;
    folderOf("rules", "one");
    await begin(scene);
    folderOf("rules/sub/deeper", "two");
    expect(await settled("one|two")).toBe("in time");
    write("rules/sub/deeper/a.mcprules", "six");
    expect(await settled("one|six")).toBe("in time");
    rmSync(at("rules/sub"), { recursive: true });
    expect(await settled("one")).toBe("in time");
  });
});

test.concurrent("a root that disappears is handed over as unreadable, and back", async () => {
  const { at, folderOf, watch, settled } = openScene();
  folderOf("rules", "one");
  await watch();
  renameSync(at("rules"), at("away"));
  expect(await settled(`rules: there is no such file or folder: ${at("rules")}`)).toBe("in time");
  renameSync(at("away"), at("rules"));
  expect(await settled("one")).toBe("in time");
});

test.concurrent("files that are written slowly are handed over when they hold still", async () => {
  const { write, folderOf, watch, seen, settled } = openScene();
  folderOf("rules", "one");
  await watch();
  await delay(300);
  for (let step = 0; step < 25; step += 1) {
    write("rules/a.mcprules", `part ${step}`);
    await delay(15);
  }
  expect(await settled("part 24")).toBe("in time");
  expect(seen.length).toBeLessThanOrEqual(2);
});

test.concurrent("a change and back again within the pause is no change", async () => {
  const { write, folderOf, watch, seen } = openScene();
  folderOf("rules", "one");
  await watch();
  write("rules/a.mcprules", "two");
  write("rules/a.mcprules", "one");
  await delay(900);
  expect(seen).toEqual([]);
});

test.concurrent("nothing is handed over half-way through a git checkout", async () => {
  const { at, write, watch, seen, settled } = openScene();
  const git = (...args: readonly string[]): void => {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    execFileSync("git", ["-C", at("."), ...identity, ...args], { stdio: "ignore" });
  };
  mkdirSync(at("rules"));
  const fill = (text: string): void => {
    for (let index = 0; index < 400; index += 1) write(`rules/${index}.mcprules`, text);
  };
  git("init");
  fill("one");
  git("add", ".");
  git("commit", "-m", "one");
  git("checkout", "-b", "side");
  fill("two");
  git("commit", "-am", "two");
  await watch();
  await delay(300);
  git("checkout", "main");
  expect(await settled(Array(400).fill("one").join("|"))).toBe("in time");
  git("checkout", "side");
  expect(await settled(Array(400).fill("two").join("|"))).toBe("in time");
  expect(seen).toHaveLength(2);
});

test.concurrent("a closed watch says nothing more", async () => {
  const { write, folderOf, watch, seen } = openScene();
  folderOf("rules", "one");
  const watcher = await watch();
  await watcher.close();
  write("rules/a.mcprules", "two");
  await delay(800);
  expect(seen).toEqual([]);
});
