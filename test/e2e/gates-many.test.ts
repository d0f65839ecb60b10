// Two proxies as processes over HTTP, one Redis, and 64 real clients of both eras: one limit for all of them, also after Redis was gone.
import { setTimeout as delay } from "node:timers/promises";
import { Client as ModernClient, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNoRedis, RedisServer } from "../io/store/redis-server.ts";
import { openFolder } from "./folder.ts";
import { startHttpProxy } from "./http-proxy.ts";
import { overheard, ownServer } from "./programs.ts";

const POLICY = `mcprules 1

default allow

rule few-echoes when tools/call echo limit 40 per 1h by ("all of them")
rule few-waits when tools/call slow limit 25 per 1h by ("all of them")
`;

const CALLERS = 64;
const folder = openFolder();
let redis: RedisServer | undefined;
let clients: readonly Call[] = [];

type Call = (name: string) => Promise<unknown>;

async function legacy(url: string): Promise<Call> {
  const client = new LegacyClient({ name: "e2e", version: "1.0.0" });
  afterEnd.push(() => client.close());
  await client.connect(new LegacyHttp(new URL(url)));
  return (name) => client.callTool({ name, arguments: { ms: 1 } });
}

async function modern(url: string): Promise<Call> {
  const client = new ModernClient({ name: "e2e", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  afterEnd.push(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  expect(client.getProtocolEra()).toBe("modern");
  return (name) => client.callTool({ name, arguments: { ms: 1 } });
}

const afterEnd: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of afterEnd) await end();
  await redis?.close();
});

describe.skipIf(hasNoRedis)("64 clients of two proxies", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    redis = await RedisServer.start();
    folder.write("rules/policy.mcprules", POLICY);
    folder.write("received", "");
    const one = overheard(ownServer(), folder.at("received"));
    const store = { url: `redis://127.0.0.1:${redis.port}`, timeoutMs: 2000 };
    const section = { rules: ["rules"], store, servers: { one: { share: true } } };
    folder.write("servers.json", JSON.stringify({ mcpServers: { one }, mcprules: section }));
    const proxies = [await startHttpProxy("--config", folder.at("servers.json"))];
    proxies.push(await startHttpProxy("--config", folder.at("servers.json")));
    const ways = proxies.flatMap(({ url }) => [() => legacy(url), () => modern(url)]);
    const made: Call[] = [];
    for (let index = 0; index < CALLERS; index += 1) {
      const connect = ways[index % ways.length];
      if (connect !== undefined) made.push(await connect());
    }
    clients = made;
  }, 120_000);

  async function all(name: string): Promise<{ readonly passed: number; readonly refused: readonly string[] }> {
    const replies = await Promise.all(clients.map((call) => call(name)));
    const refused = replies.map((reply) => JSON.stringify(reply)).filter((text) => text.includes('"isError":true'));
    return { passed: replies.length - refused.length, refused };
  }

  function heard(name: string): number {
    return folder.read("received").split(`"name":"${name}"`).length - 1;
  }

  test("share one limit exactly", async () => {
    const { passed, refused } = await all("echo");
    expect([passed, heard("echo")]).toEqual([40, 40]);
    expect(refused.every((text) => text.includes("Over the limit (few-echoes). Try again in "))).toBe(true);
  });

  test("are refused while Redis is gone, soon, and share the limit when it is back", async () => {
    await redis?.kill();
    const started = performance.now();
    const { passed, refused } = await all("slow");
    expect(performance.now() - started).toBeLessThan(5000);
    expect([passed, heard("slow")]).toEqual([0, 0]);
    expect(refused.every((text) => text.includes("The policy could not be applied (few-waits)."))).toBe(true);
    await redis?.start();
    const isBack = async (): Promise<boolean> => {
      const tries = await Promise.all(clients.slice(0, 2).map((call) => call("echo")));
      return tries.every((reply) => JSON.stringify(reply).includes("Over the limit"));
    };
    for (const last = Date.now() + 20_000; !(await isBack()); await delay(100)) {
      if (Date.now() > last) throw new Error("the proxies do not find Redis again");
    }
    expect((await all("slow")).passed).toBe(25);
    expect([heard("slow"), heard("echo")]).toEqual([25, 40]);
  });
});
