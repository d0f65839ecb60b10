// A changed policy is in force within a second, whatever way its files change, while calls go on: each gets one answer.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Folder, openFolder } from "./folder.ts";
import { ownServer, proxy } from "./programs.ts";
import { type Message, openRawClient, type RawClient, textOf } from "./raw-client.ts";

/** A policy that can be told by what it does to a call and to a list. */
function policy(version: number): string {
  return `mcprules 1

default allow

rule stamp
  when tools/call echo
  set version = ${version}

rule describe
  when tool echo
  set description = "version ${version}"

test "the stamp is set"
  send tools/call echo {}
  expect params.arguments.version = ${version}
`;
}

interface Edit {
  readonly name: string;
  /** Prepares `rules` below the folder, with version 1. */
  readonly prepare?: (folder: Folder) => void;
  /** Changes it, step by step, to version 2. */
  readonly change: (folder: Folder, refused: () => Promise<void>) => Promise<void> | void;
  /** The log says that something was refused on the way. */
  readonly isRefusedFirst?: boolean;
}

const FILE = "rules/policy.mcprules";
const inPlace = (folder: Folder): void => folder.write(FILE, policy(1));

const EDITS: readonly Edit[] = [
  { name: "written in place", change: (folder) => folder.write(FILE, policy(2)) },
  {
    name: "renamed over the old one",
    change: (folder) => {
      folder.write("rules/.policy.swp", policy(2));
      renameSync(folder.at("rules/.policy.swp"), folder.at(FILE));
    },
  },
  {
    name: "deleted and made again",
    change: async (folder) => {
      rmSync(folder.at("rules"), { recursive: true });
      await delay(20);
      folder.write(FILE, policy(2));
    },
  },
  {
    name: "the folder a link that is swapped",
    prepare: (folder) => {
      folder.write("v1/policy.mcprules", policy(1));
      folder.write("v2/policy.mcprules", policy(2));
      symlinkSync("v1", folder.at("rules"));
    },
    change: (folder) => {
      symlinkSync("v2", folder.at("next"));
      renameSync(folder.at("next"), folder.at("rules"));
    },
  },
  {
    name: "half-written, then finished",
    // In one go: only the operating system could make the pause longer.
    change: (folder) => {
      folder.write(FILE, policy(2).slice(0, 60));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      folder.write(FILE, policy(2));
    },
  },
  {
    name: "half-written, left so for a while, then finished",
    change: async (folder, refused) => {
      folder.write(FILE, policy(2).slice(0, 60));
      await refused();
      folder.write(FILE, policy(2));
    },
    isRefusedFirst: true,
  },
  {
    name: "broken, then repaired",
    change: async (folder, refused) => {
      folder.write(FILE, `${policy(2)}\nrule broken\n  wen tool x\n  block\n`);
      await refused();
      folder.write(FILE, policy(2));
    },
    isRefusedFirst: true,
  },
  {
    name: "with a test that fails, then repaired",
    change: async (folder, refused) => {
      folder.write(FILE, policy(2).replace("arguments.version = 2", "arguments.version = 3"));
      await refused();
      folder.write(FILE, policy(2));
    },
    isRefusedFirst: true,
  },
  {
    name: "another branch checked out",
    prepare: (folder) => {
      folder.write(FILE, policy(1));
      git(folder, "init");
      git(folder, "add", ".");
      git(folder, "commit", "-m", "one");
      git(folder, "checkout", "-b", "side");
      folder.write(FILE, policy(2));
      for (let index = 0; index < 200; index += 1) folder.write(`rules/many/${index}.mcprules`, "mcprules 1\n");
      git(folder, "add", ".");
      git(folder, "commit", "-m", "two");
      git(folder, "checkout", "main");
    },
    change: (folder) => git(folder, "checkout", "side"),
  },
];

function git(folder: Folder, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
  execFileSync("git", ["-C", folder.at("."), ...identity, ...args], { stdio: "ignore" });
}

/** Calls that are always on their way, until it is stopped; then, what each of them was answered. */
function keepCalling(
  client: RawClient,
): () => Promise<readonly { readonly id: string; readonly answers: readonly Message[] }[]> {
  const over = new AbortController();
  const ids: string[] = [];
  const calling = (async () => {
    for (let index = 0; !over.signal.aborted; index += 1) {
      const id = `flight-${index}`;
      ids.push(id);
      const ms = (index * 37) % 200;
      client.send({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "slow", arguments: { ms } } });
      await delay(5);
    }
  })();
  return async () => {
    over.abort();
    await calling;
    for (const id of ids) await client.reply(id);
    // Long enough for a second answer, should there be one.
    await delay(200);
    const answered = client.received.filter(
      (message): message is Message => !Array.isArray(message) && !("method" in message),
    );
    return ids.map((id) => ({ id, answers: answered.filter((message) => message.id === id) }));
  };
}

/** On stderr. The first version is in force then. */
async function untilSaid(client: RawClient, text: string): Promise<void> {
  for (const last = Date.now() + 3000; Date.now() < last && !client.stderr().includes(text);) await delay(10);
  expect(client.stderr()).toContain(text);
  expect(await versionIn(client)).toBe(1);
}

async function untilVersion(client: RawClient, version: number): Promise<void> {
  for (const last = Date.now() + 3000; Date.now() < last && (await versionIn(client)) !== version;) await delay(10);
  expect(await versionIn(client)).toBe(version);
}

async function versionIn(client: RawClient): Promise<unknown> {
  return (JSON.parse(textOf(await client.call("echo"))) as { readonly version?: unknown }).version;
}

describe.each(EDITS)("$name", ({ prepare = inPlace, change, isRefusedFirst = false }) => {
  test("in force within a second, nothing lost, one answer each, the list told once", async () => {
    const folder = openFolder();
    prepare(folder);
    const client = await openRawClient(
      proxy("--rules", "rules", "--", ownServer().command, ...ownServer().args),
      folder.at("."),
    );
    expect(await versionIn(client)).toBe(1);
    const stop = keepCalling(client);
    await delay(100);

    await change(folder, () => untilSaid(client, "is refused; revision"));
    const changed = performance.now();
    await untilVersion(client, 2);
    const tookMs = performance.now() - changed;

    const flights = await stop();
    expect(tookMs).toBeLessThan(1000);
    expect(flights.length).toBeGreaterThan(20);
    for (const { answers } of flights) expect(answers.map(textOf)).toEqual([expect.stringMatching(/^after \d+$/)]);
    const told = client.received.filter(
      (message) => "method" in message && message.method === "notifications/tools/list_changed",
    );
    expect(told).toHaveLength(1);
    expect(client.stderr().includes("is refused; revision")).toBe(isRefusedFirst);
    const { result } = await client.request("tools/list");
    expect(JSON.stringify(result)).toContain("version 2");
  });
});

test("a policy that is refused leaves the last good one in force, and says all that is wrong with it", async () => {
  const folder = openFolder();
  folder.write(FILE, policy(1));
  const client = await openRawClient(
    proxy("--rules", "rules", "--", ownServer().command, ...ownServer().args),
    folder.at("."),
  );
  folder.write(FILE, policy(2).replace("default allow", "defalt allow").replace("set version", "sett version"));
  await untilSaid(client, "is refused; revision");
  await expect.poll(() => client.stderr()).toContain("rules/policy.mcprules:3:1");
  await expect.poll(() => client.stderr()).toContain("rules/policy.mcprules:7:3");
  // Back to what is in force: said, and nothing else happens.
  folder.write(FILE, policy(1));
  await untilSaid(client, "which is in force");
  expect(client.received.filter((message) => "method" in message)).toEqual([]);
});

test("a change of what no list shows is told to nobody", async () => {
  const folder = openFolder();
  folder.write(FILE, policy(1));
  const client = await openRawClient(
    proxy("--rules", "rules", "--", ownServer().command, ...ownServer().args),
    folder.at("."),
  );
  folder.write(FILE, policy(2).replace('"version 2"', '"version 1"'));
  await untilVersion(client, 2);
  expect(client.received.filter((message) => "method" in message)).toEqual([]);
});

test("a policy that comes within reach of a server is refused", async () => {
  const folder = openFolder();
  folder.write(FILE, policy(1));
  mkdirSync(folder.at("open"));
  const reader = ownServer("echo", folder.at("open"));
  const client = await openRawClient(proxy("--rules", "rules", "--", reader.command, ...reader.args), folder.at("."));
  cpSync(folder.at("rules"), folder.at("open/rules"), { recursive: true });
  folder.write("open/rules/policy.mcprules", policy(2));
  symlinkSync("../open/rules", folder.at("rules/linked"));
  await untilSaid(client, "could change the policy");
  await expect.poll(() => client.stderr()).toContain("is refused; revision");
});
