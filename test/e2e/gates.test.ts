// Limits, kept answers and lasting tags between real clients and real servers of both eras.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { hasNoRedis, RedisServer } from "../io/store/redis-server.ts";
import { until } from "../until.ts";
import { openFolder } from "./folder.ts";
import { observe } from "./observed-proxy.ts";
import { eraServer, overheard, ownServer, proxy, type Program, referenceServer } from "./programs.ts";

const POLICY = `mcprules 1

default allow

rule few when tools/call echo limit 3 per 1h
rule one when tools/call who limit 1 per 1h else block "asked enough"
rule keep when resources/read * cache for 1h
rule note when tools/call echo with text "secret" tag told for 1h by ("all")
rule stop when tools/call talk with tags told block "something was told"
`;

const folder = openFolder();
let scenes = 0;

interface Client {
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<unknown>;
  readonly read: (uri: string) => Promise<unknown>;
}

interface Scene {
  readonly client: Client;
  /** Of another proxy with the same settings. */
  readonly another: () => Promise<Client>;
  /** How often the server was asked this. */
  readonly heard: (method: string, name?: string) => number;
}

/** What proxies that share a store seal with what they keep there. */
const SEAL_KEY = { MCPRULES_TEST_KEY: "0123456789abcdef0123456789abcdef" };
const NAMED = { action: "accept", content: { name: "Ada" } } as const;

async function legacy({ command, args }: Program): Promise<Client> {
  const client = new LegacyClient({ name: "e2e", version: "1.0.0" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => NAMED);
  afterAll(() => client.close());
  await client.connect(new LegacyStdio({ command, args: [...args], env: SEAL_KEY, stderr: "ignore" }));
  return {
    call: (name, given = {}) => client.callTool({ name, arguments: given }),
    read: (uri) => client.readResource({ uri }),
  };
}

async function modern({ command, args }: Program): Promise<Client> {
  const client = new ModernClient(
    { name: "e2e", version: "1.0.0" },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: "auto" } },
  );
  client.setRequestHandler("elicitation/create", () => NAMED);
  afterAll(() => client.close());
  await client.connect(new StdioClientTransport({ command, args: [...args], env: SEAL_KEY, stderr: "ignore" }));
  expect(client.getProtocolEra()).toBe("modern");
  return {
    call: (name, given = {}) => client.callTool({ name, arguments: given }),
    read: (uri) => client.readResource({ uri }),
  };
}

async function open(connect: typeof legacy, server: Program, policy = POLICY, store?: object): Promise<Scene> {
  scenes += 1;
  const name = String(scenes);
  folder.write(`${name}/policy.mcprules`, policy);
  folder.write(`${name}.received`, "");
  const servers = { one: overheard(server, folder.at(`${name}.received`)) };
  const keys = [{ id: "test", secret: { env: "MCPRULES_TEST_KEY" } }];
  const section = { rules: [name], ...(store && { store, keys }) };
  folder.write(`${name}.json`, JSON.stringify({ mcpServers: servers, mcprules: section }));
  const start = (): Promise<Client> => connect(proxy("--config", folder.at(`${name}.json`)));
  const client = await start();
  const received = (): readonly Heard[] =>
    readFileSync(folder.at(`${name}.received`), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Heard);
  return {
    client,
    another: start,
    heard: (method, of) =>
      received().filter((one) => one.method === method && (of === undefined || one.params?.name === of)).length,
  };
}

interface Heard {
  readonly method?: string;
  readonly params?: { readonly name?: string };
}

const REFUSED = { isError: true };

describe.each([
  ["a client of the legacy era", legacy],
  ["a client of the modern era", modern],
])("%s", (_client, connect) => {
  describe.each(["legacy", "modern"])("with a %s server", (era) => {
    test("is held to its limits, and a call of several rounds is one call", async () => {
      const { client, heard } = await open(connect, eraServer(era));
      const replies: unknown[] = [];
      for (const text of ["1", "2", "3", "4"]) replies.push(await client.call("echo", { text }));
      for (const [index, text] of ["1", "2", "3"].entries()) {
        expect(replies[index]).toMatchObject({ content: [{ type: "text", text }] });
      }
      expect(replies[3]).toMatchObject(REFUSED);
      expect(JSON.stringify(replies[3])).toMatch(/Over the limit \(few\)\. Try again in 3[56]\d\d s\./);
      expect(heard("tools/call", "echo")).toBe(3);
      expect(JSON.stringify(await client.call("who"))).toContain("Ada");
      expect(JSON.stringify(await client.call("who"))).toContain("asked enough. Try again");
    });

    test("is given what is kept, in the server's place", async () => {
      const { client, heard } = await open(connect, eraServer(era));
      const first = await client.read("file:///hello.txt");
      expect(first).toMatchObject({ contents: [{ text: "hello" }] });
      expect(await client.read("file:///hello.txt")).toMatchObject({ contents: [{ text: "hello" }] });
      expect(heard("resources/read")).toBe(1);
    });

    test("cannot do afterwards what a lasting tag forbids", async () => {
      const { client, heard } = await open(connect, eraServer(era));
      expect(await client.call("talk")).toMatchObject({ content: [{ text: "talked" }] });
      await client.call("echo", { text: "secret" });
      expect(JSON.stringify(await client.call("talk"))).toContain("something was told");
      expect(heard("tools/call", "talk")).toBe(1);
    });
  });
});

test("server-everything is asked once for what is kept, and answers the same", async () => {
  const policy = "mcprules 1\n\ndefault allow\n\nrule keep when tools/call get-sum cache for 1h\n";
  const { client, heard } = await open(legacy, referenceServer("everything"), policy);
  const asked = (): number => heard("tools/call", "get-sum");
  // In the beginning it says more than once that its tools have changed, after which older answers are not given.
  await until(async () => {
    await client.call("get-sum", { a: 0, b: 0 });
    const before = asked();
    await delay(100);
    await client.call("get-sum", { a: 0, b: 0 });
    return asked() === before;
  });
  const before = asked();
  const first = await client.call("get-sum", { a: 1, b: 2 });
  expect(JSON.stringify(first)).toContain("3");
  expect(await client.call("get-sum", { b: 2, a: 1 })).toEqual(first);
  expect(JSON.stringify(await client.call("get-sum", { a: 2, b: 2 }))).toContain("4");
  expect(asked() - before).toBe(2);
});

describe.skipIf(hasNoRedis)("proxies with one Redis", () => {
  const KEEPS = 'default allow\n\nrule keep when tools/call echo cache for 1h by ("all")\n';

  test("give what another one keeps, and ask the server while Redis is gone", async () => {
    const redis = await RedisServer.start();
    onTestFinished(() => redis.close());
    const store = { url: `redis://127.0.0.1:${redis.port}`, timeoutMs: 300 };
    const { client, another, heard } = await open(legacy, ownServer(), `mcprules 1\n\n${KEEPS}`, store);
    const first = await client.call("echo", { a: 1, b: 2 });
    const other = await another();
    expect(await other.call("echo", { a: 1, b: 2 })).toEqual(first);
    expect(heard("tools/call")).toBe(1);
    await redis.kill();
    expect(await other.call("echo", { a: 1, b: 2 })).toEqual(first);
    expect(heard("tools/call")).toBe(2);
  });
});

test("who asks the same at the same time waits for one answer", async () => {
  const {
    call,
    received,
    folder: files,
  } = await observe("default allow\nrule keep when tools/call slow cache for 1h", {
    log: { to: "log", level: "trace" },
    metrics: { port: 0 },
  });
  const calls = Array.from({ length: 20 }, () => call("slow", { ms: 200 }));
  const replies = await Promise.all(calls);
  expect(new Set(replies.map(({ result }) => JSON.stringify(result))).size).toBe(1);
  expect(received().filter(({ method }) => method === "tools/call")).toHaveLength(1);
  await delay(50);
  expect(files.read("log").match(/"cache":"(miss|shared)"/g)).toHaveLength(20);
  const [url = ""] = /http:\/\/\S+\/metrics/.exec(files.read("log")) ?? [];
  const measured = await (await fetch(url)).text();
  expect(measured).toContain('mcprules_cache_total{outcome="shared"} 19');
  expect(measured).toContain('mcprules_cache_total{outcome="miss"} 1');
});
