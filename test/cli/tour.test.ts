// `npm start`, from outside: what it prints, that it ends, and that it stays and shows what a change of the policy changes.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const POLICY = "rules-examples/tour/policy.mcprules";
const MODULE = "rules-examples/tour/names.mjs";

/** A clone with a tour of its own: the one of this clone is not to be edited by a test. */
let clone = "";
/** The tour's temporary folders come here. */
let temporary = "";

beforeEach(() => {
  clone = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-clone-")));
  temporary = join(clone, "tmp");
  mkdirSync(temporary);
  for (const folder of ["dist", "node_modules"]) symlinkSync(join(ROOT, folder), join(clone, folder));
  cpSync(join(ROOT, "rules-examples/tour"), join(clone, "rules-examples/tour"), { recursive: true });
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

describe("npm start -- --once", { timeout: 60_000 }, () => {
  test("tells all that happened in a screen of text, ends well and leaves nothing behind", () => {
    const { status, stdout, stderr } = once();
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).not.toContain("\u001B");
    expect(stdout.split("\n").length).toBeLessThanOrEqual(60);
    const labels = stdout
      .split("\n")
      .slice(3)
      .flatMap((line) => /^\w+/.exec(line) ?? []);
    expect(new Set(labels)).toStrictEqual(
      new Set(
        "listed hidden renamed rewritten translated masked refused passed cached approved declined limited".split(" "),
      ),
    );
    expect(readdirSync(temporary)).toStrictEqual([]);
  });

  test("names the rule and its line, as they stand in the policy", () => {
    const { stdout } = once();
    const lines = readFileSync(join(clone, POLICY), "utf8").split("\n");
    const rules = lines.flatMap((line, index) => {
      const id = /^rule (\S+)/.exec(line)?.[1];
      return id === undefined ? [] : [[id, index + 1] as const];
    });
    expect(rules.length).toBeGreaterThan(6);
    for (const [rule, line] of rules) expect(stdout).toContain(`${rule} policy.mcprules:${line}`);
  });

  test("tells of another policy what that one does", () => {
    rmSync(join(clone, "rules-examples/tour/policy.test.mcprules"));
    edit((text) =>
      text
        .replace("rename to demo_*", "rename to my-*")
        .replace(' as "***"', ' as "(gone)"')
        .replace("private-folder", "no-salaries"),
    );
    const { stdout } = once();
    expect(stdout).toContain("get-sum → my-sum");
    expect(stdout).toContain("Unknown tool: demo_sum");
    expect(stdout).toContain("AWS_ACCESS_KEY_ID=(gone)");
    expect(stdout).toContain("no-salaries policy.mcprules:");
  });

  test("says what is wrong when the policy is not sound", () => {
    edit((text) => text.replace("default allow", "default alow"));
    const { status, stdout, stderr } = once();
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(`${POLICY}:8:9`);
    expect(stderr).not.toContain("    at ");
  });
});

describe("npm start that stays", { timeout: 60_000 }, () => {
  test("plays again on Enter and after a reload, and tells what is different", async () => {
    const tour = stay();
    await tour.until("Ctrl+C ends the tour.");
    tour.child.stdin?.write("\n");
    await tour.until("Nothing is different from before.");
    edit((text) => text.replace("`${initial}.`", "`${initial}…`"), MODULE);
    await tour.until("the module `names`: its file changed");
    await tour.playUntil("client got   Ask A… about the invoices.");
    tour.forget();
    edit((text) => text.replace('block "The folder `private` is closed', 'block "The folder `private` is shut'));
    await tour.until('the test "the private folder is closed, by every road" fails');
    rmSync(join(clone, "rules-examples/tour/policy.test.mcprules"));
    await tour.until("What is different now:");
    await tour.until("client got   The folder `private` is shut to agents.");
    expect(tour.since("What is different now:")).not.toContain("masked");
    tour.child.kill("SIGINT");
    expect(await tour.ended).toBe(0);
    expect(readdirSync(temporary)).toStrictEqual([]);
  });
});

function once(): ReturnType<typeof spawnSync> & { readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [join(clone, "dist/tour.js"), "--once"], { encoding: "utf8", env: environment() });
}

interface Staying {
  readonly child: ChildProcess;
  until(text: string): Promise<void>;
  /** Plays again and again: a module that is read anew may not be there yet. */
  playUntil(text: string): Promise<void>;
  since(text: string): string;
  /** What was said so far is not looked at again. */
  forget(): void;
  readonly ended: Promise<number | null>;
}

function stay(): Staying {
  const child = spawn(process.execPath, [join(clone, "dist/tour.js"), "--stay"], { env: environment() });
  let said = "";
  let wake = (): void => undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    said += String(chunk);
    wake();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const play = (): void => void child.stdin.write("\n");
  return {
    child,
    ended,
    until,
    playUntil: async (text) => {
      const timer = setInterval(play, 8000);
      play();
      await until(text).finally(() => clearInterval(timer));
    },
    since: (text) => said.slice(said.indexOf(text)),
    forget: () => {
      said = "";
    },
  };
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: temporary };
}

function edit(change: (text: string) => string, file = POLICY): void {
  const path = join(clone, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}
