// However the proxy ends, its servers end with it, and whoever waits is not left waiting.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ALLOW_ALL, type Folder, openFolder } from "./folder.ts";
import { ownServer, proxy } from "./programs.ts";
import { openRawClient, type RawClient } from "./raw-client.ts";

const PLAIN = 'echo $$ >> pids; exec "$@"';
/** A shell that starts a server and waits for it, as `npx` does; with their process ids in a file. Without the detour over 3 it has no stdin. */
const LIKE_NPX = 'echo $$ >> pids; exec 3<&0; "$@" <&3 & echo $! >> pids; trap "" TERM; wait';
/** One that neither its stdin nor a polite signal ends. */
const STUBBORN = 'echo $$ >> pids; trap "" TERM; "$@"; while :; do sleep 0.1; done';

async function start(script: string): Promise<{ readonly client: RawClient; readonly folder: Folder }> {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  const { command, args } = ownServer();
  const wrapped = ["/bin/sh", "-c", script, "sh", command, ...args];
  const client = await openRawClient(proxy("--rules", "rules", "--", ...wrapped), folder.at("."));
  return { client, folder };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function allGone(folder: Folder, withinMs: number): Promise<boolean> {
  const pids = folder.read("pids").trim().split("\n").map(Number);
  for (const last = Date.now() + withinMs; Date.now() < last; await delay(20)) if (!pids.some(isAlive)) return true;
  return !pids.some(isAlive);
}

describe.concurrent.each([
  ["a plain server", PLAIN],
  ["a program that starts the server", LIKE_NPX],
  ["a server that does not want to end", STUBBORN],
])("%s", (_what, script) => {
  test("ends when the client closes its end, with exit code 0", async () => {
    const { client, folder } = await start(script);
    client.process.stdin.end();
    expect(await client.exit).toBe(0);
    expect(await allGone(folder, 100)).toBe(true);
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
    ["SIGHUP", 129],
  ] as const)("ends with %s", async (signal, code) => {
    const { client, folder } = await start(script);
    client.process.kill(signal);
    expect(await client.exit).toBe(code);
    expect(await allGone(folder, 100)).toBe(true);
  });

  test("ends when the proxy is killed", async () => {
    const { client, folder } = await start(script);
    client.process.kill("SIGKILL");
    expect(await client.exit).toBe("SIGKILL");
    expect(await allGone(folder, 6000)).toBe(true);
  });
});

test("a second signal ends everything at once", async () => {
  const { client, folder } = await start(STUBBORN);
  client.process.kill("SIGTERM");
  await delay(200);
  const started = performance.now();
  client.process.kill("SIGTERM");
  expect(await client.exit).toBe(143);
  expect(performance.now() - started).toBeLessThan(1000);
  expect(await allGone(folder, 1000)).toBe(true);
});

test("a client that stops reading and goes away is no obstacle", async () => {
  const { client, folder } = await start(PLAIN);
  client.process.stdout.destroy();
  for (let index = 0; index < 50; index += 1) {
    client.send({
      jsonrpc: "2.0",
      id: index,
      method: "tools/call",
      params: { name: "big", arguments: { bytes: 100_000 } },
    });
  }
  expect(await client.exit).toBe(0);
  expect(await allGone(folder, 100)).toBe(true);
});
