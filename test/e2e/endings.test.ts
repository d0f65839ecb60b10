// However the proxy ends, its servers end with it, and whoever waits is not left waiting.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ALLOW_ALL, type Folder, openFolder } from "./folder.ts";
import { ownServer, type Program, proxy, referenceServer } from "./programs.ts";
import { type Message, openRawClient, type RawClient, textOf } from "./raw-client.ts";
import { call } from "../tool-call.ts";

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

describe("a client that closes its end", () => {
  const clientInfo = { name: "piped", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const GREETING = [{ id: 1, method: "initialize", params }, { method: "notifications/initialized" }];

  interface Piped {
    readonly answers: readonly Message[];
    readonly exit: number | NodeJS.Signals;
    readonly tookMs: number;
  }

  type Piping = ChildProcessByStdio<Writable, Readable, null>;

  /** Says everything in one go, the last line without its end, and reads until there is no more. */
  async function pipe(server: Program, said: readonly object[], act?: (process: Piping) => unknown): Promise<Piped> {
    const folder = openFolder();
    folder.write("rules/policy.mcprules", ALLOW_ALL);
    const mcprules = { rules: ["rules"], limits: { lastAnswersMs: 3000 } };
    folder.write("servers.json", JSON.stringify({ mcpServers: { piped: server }, mcprules }));
    const { command, args } = proxy("--config", folder.at("servers.json"));
    const started = performance.now();
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
    const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals]>;
    child.stdin.end([...GREETING, ...said].map((line) => JSON.stringify({ jsonrpc: "2.0", ...line })).join("\n"));
    await act?.(child);
    const lines = (await text(child.stdout)).trim().split("\n");
    const [code, signal] = await ended;
    const messages = lines.map((line) => JSON.parse(line) as Message);
    const answers = messages.filter(({ method }) => method === undefined);
    return { answers, exit: code ?? signal, tookMs: performance.now() - started };
  }

  test("gets every answer of a real server first", async () => {
    const { answers, exit } = await pipe(referenceServer("everything"), [
      call(2, { duration: 1, steps: 2 }, { name: "trigger-long-running-operation" }),
      call(3, { message: "one" }),
      { id: 4, method: "tools/list" },
      call(5, { message: "two" }),
    ]);
    expect(exit).toBe(0);
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(answers.every(({ result }) => result !== undefined)).toBe(true);
    expect(textOf(answers.find(({ id }) => id === 5) ?? {})).toBe("Echo: two");
    expect(textOf(answers.find(({ id }) => id === 2) ?? {})).toContain("completed");
  });

  test("gets large answers whole, also when it reads late", async () => {
    const { answers, exit } = await pipe(ownServer(), [call(2, { bytes: 3_000_000 }, { name: "big" })], () =>
      delay(1500),
    );
    expect(exit).toBe(0);
    expect(textOf(answers.find(({ id }) => id === 2) ?? {})).toHaveLength(3_000_000);
  });

  test("is told so when an answer does not come in time", async () => {
    const { answers, exit, tookMs } = await pipe(ownServer(), [call(2, {}, { name: "silent" }), call(3)]);
    expect(exit).toBe(0);
    expect(answers.find(({ id }) => id === 3)?.result).toBeDefined();
    expect(answers.find(({ id }) => id === 2)?.error).toMatchObject({
      code: 5030,
      message: "the client closed its end, and no answer came within 3 s",
    });
    expect(tookMs).toBeGreaterThan(3000);
    expect(tookMs).toBeLessThan(6000);
  });

  test("does not keep a signal from ending everything at once", async () => {
    let signalled = 0;
    const { exit } = await pipe(ownServer(), [call(2, {}, { name: "silent" })], async (child) => {
      await once(child.stdout, "readable");
      child.kill("SIGTERM");
      signalled = performance.now();
    });
    expect(exit).toBe(143);
    expect(performance.now() - signalled).toBeLessThan(2000);
  });
});
