// Real servers that crash, hang and start late behind a proxy: calls wait or are answered, the client's view stays whole, and others notice nothing.
import { PassThrough } from "node:stream";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { openDecisionLog } from "../../src/io/log/decision-log.ts";
import { readSettings } from "../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../src/io/settings/problem.ts";
import { type Proxy, startProxy } from "../../src/serve.ts";
import { ALLOW_ALL, type Folder, openFolder } from "./folder.ts";
import { ownServer } from "./programs.ts";

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly result?: { readonly content?: readonly { readonly text: string }[]; readonly tools?: readonly unknown[] };
  readonly error?: { readonly code: number; readonly message: string };
}

interface Client {
  readonly received: readonly Message[];
  request(method: string, params?: object): Promise<Message>;
  call(name: string, args?: object): Promise<Message>;
}

const proxies: Proxy[] = [];
afterAll(() => Promise.all(proxies.map((proxy) => proxy.close({ haste: true }))));

/** `servers`: by name, the command, and its part in `mcprules.servers`. */
async function start(
  servers: Readonly<Record<string, { readonly script?: string; readonly life?: object }>>,
): Promise<{ readonly client: Client; readonly folder: Folder }> {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  const { command, args } = ownServer();
  const plain = 'echo $$ >> pids; exec "$@"';
  const mcpServers = Object.fromEntries(
    Object.entries(servers).map(([name, { script = plain }]) => {
      const tools = name === "own" ? [] : [`${name}-echo`];
      return [name, { command: "/bin/sh", args: ["-c", script, "sh", command, ...args, ...tools] }];
    }),
  );
  const lives = Object.fromEntries(Object.entries(servers).map(([name, { life = {} }]) => [name, life]));
  const mcprules = { rules: ["rules"], log: { to: "log" }, servers: lives };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules }));
  const reading = readSettings(folder.at("servers.json"), process.env);
  if (reading.kind === "problems") throw new Error(renderProblems(reading.problems));
  const { settings } = reading;
  const [input, output] = [new PassThrough(), new PassThrough()];
  const log = await openDecisionLog(settings.log);
  const started = await startProxy({ settings, rules: [], log, input, output });
  if (started.kind === "refused") throw new Error(started.report);
  proxies.push(started.proxy);
  return { client: await shakeHands(input, output), folder };
}

async function shakeHands(input: PassThrough, output: PassThrough): Promise<Client> {
  const received: Message[] = [];
  createInterface({ input: output }).on("line", (line) => received.push(JSON.parse(line) as Message));
  let last = 0;
  const send = (message: object): boolean => input.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const request = async (method: string, params: object = {}): Promise<Message> => {
    last += 1;
    const id = last;
    send({ id, method, params });
    for (const end = Date.now() + 20_000; Date.now() < end; await delay(5)) {
      const reply = received.find((message) => message.id === id);
      if (reply !== undefined) return reply;
    }
    throw new Error(`no reply to ${method}: ${JSON.stringify(received)}`);
  };
  const clientInfo = { name: "raw", version: "1" };
  await request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  send({ method: "notifications/initialized" });
  await request("tools/list");
  return { received, request, call: (name, args = {}) => request("tools/call", { name, arguments: args }) };
}

function textOf({ result }: Message): string | undefined {
  return result?.content?.[0]?.text;
}

function pidsIn(folder: Folder): readonly string[] {
  return folder.read("pids").trim().split("\n");
}

describe.concurrent("a server that crashes", () => {
  test("is there again for the next call, and the client hears nothing of it", async () => {
    const { client, folder } = await start({ own: {} });
    const listed = await client.request("tools/list");
    expect(await client.call("die")).toMatchObject({
      error: { code: 5030, message: expect.stringContaining("code 3") },
    });
    expect(textOf(await client.call("echo", { a: 1 }))).toBe('{"a":1}');
    expect((await client.request("tools/list")).result).toEqual(listed.result);
    expect(new Set(pidsIn(folder)).size).toBe(2);
    await delay(100);
    expect(client.received.filter(({ method }) => method !== undefined)).toEqual([]);
    expect(folder.read("log")).toContain("is there again, after one failure");
  }, 30_000);

  test("again and again, is tried less and less often, and calls are answered 5030 after 5 s", async () => {
    const script = 'echo $$ >> pids; if [ -e broken ]; then exit 7; fi; exec "$@"';
    const { client, folder } = await start({
      own: { script, life: { restart: { minMs: 200, maxMs: 1000 } } },
      other: {},
    });
    folder.write("broken", "");
    await client.call("die");
    const began = performance.now();
    const waiting = client.call("echo");
    expect(textOf(await client.call("other-echo", { b: 1 }))).toBe('{"b":1}');
    expect(performance.now() - began).toBeLessThan(4000);
    expect(await waiting).toMatchObject({ error: { code: 5030, message: expect.stringContaining("code 7") } });
    expect(performance.now() - began).toBeGreaterThan(4900);
    expect(pidsIn(folder).length).toBeLessThan(12);
    expect((await client.request("tools/list")).result?.tools).toHaveLength(8);
  }, 30_000);
});

describe.concurrent("a server that does not answer", () => {
  test("has the call cancelled, and is asked on", async () => {
    const { client } = await start({ own: { life: { timeoutMs: { "tools/call": 300 } } } });
    const began = performance.now();
    expect(await client.call("silent")).toMatchObject({
      error: { code: 5030, message: expect.stringContaining("0.3 s") },
    });
    expect(performance.now() - began).toBeGreaterThan(250);
    expect(textOf(await client.call("echo", { c: 1 }))).toBe('{"c":1}');
  }, 30_000);
});

describe("a server that does not even read", () => {
  test("keeps the client's other calls waiting once, for 5 s; then it is refused its own, until it reads again", async () => {
    const { client, folder } = await start({ own: {}, other: { script: 'exec "$@"' } });
    const pid = Number(pidsIn(folder)[0]);
    process.kill(pid, "SIGSTOP");
    const began = performance.now();
    const large = { text: "x".repeat(1_000_000) };
    const swallowed = [client.call("echo", large), client.call("echo", large), client.call("echo", large)];
    expect(textOf(await client.call("other-echo", { d: 1 }))).toBe('{"d":1}');
    expect(performance.now() - began).toBeGreaterThan(4500);
    expect(performance.now() - began).toBeLessThan(14_000);
    const after = performance.now();
    expect(await client.call("echo")).toMatchObject({
      error: { code: 5030, message: "the server `own` does not take what it is sent" },
    });
    expect(textOf(await client.call("other-echo", { e: 1 }))).toBe('{"e":1}');
    expect(performance.now() - after).toBeLessThan(4000);
    process.kill(pid, "SIGCONT");
    // What was on its way to it arrives; what had not left by then is refused.
    const outcomes = (await Promise.all(swallowed)).map((reply) => textOf(reply)?.length ?? reply.error?.code);
    expect(new Set(outcomes)).toEqual(new Set([JSON.stringify(large).length, 5030]));
    expect(textOf(await client.call("echo", { f: 1 }))).toBe('{"f":1}');
    expect(folder.read("log")).toContain("takes what it is sent again");
  }, 30_000);
});
