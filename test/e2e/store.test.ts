// Proxies that share a real Redis: one limit for all of them, what happens while it is gone, and that it keeps nobody from ending.
import { afterEach, describe, expect, test } from "vitest";
import { hasNoRedis, RedisServer } from "../io/store/redis-server.ts";
import { mcprules } from "./control-scene.ts";
import { openFolder } from "./folder.ts";
import { type Observed, observe, type Reply } from "./observed-proxy.ts";
import { ownServer, proxy as program } from "./programs.ts";
import { openRawClient } from "./raw-client.ts";
import { until } from "../until.ts";
import { freePort } from "../free-port.ts";

const POLICY = `
default allow

rule few-echoes
  when tools/call echo on own
  limit 40 per 1h by user
`;

const servers: RedisServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function startRedis(): Promise<RedisServer> {
  const server = await RedisServer.start();
  servers.push(server);
  return server;
}

function open(port: number): Promise<Observed> {
  return observe(POLICY, {
    log: { to: "log" },
    metrics: { port: 0 },
    store: { url: `redis://127.0.0.1:${port}`, timeoutMs: 2000 },
  });
}

const isRefused = ({ result }: Reply): boolean => result?.["isError"] === true;

async function isUp({ folder }: Observed): Promise<number> {
  const [url = ""] = /http:\/\/\S+\/metrics/.exec(folder.read("log")) ?? [];
  return Number(/^mcprules_store_up (\d)$/m.exec(await (await fetch(url)).text())?.[1]);
}

describe.skipIf(hasNoRedis)("two proxies with one Redis", () => {
  test("hold one limit exactly under 64 callers, and say when to try again", async () => {
    const { port } = await startRedis();
    const proxies = [await open(port), await open(port)];
    const calls = proxies.flatMap(({ call }) => Array.from({ length: 32 }, (_, index) => call("echo", { index })));
    const replies = await Promise.all(calls);
    expect(replies.filter(isRefused)).toHaveLength(24);
    expect(JSON.stringify(replies.find(isRefused))).toMatch(/Try again in 3(600|59\d) s/);
    const received = proxies.flatMap((one) => one.received()).filter(({ method }) => method === "tools/call");
    expect(received).toHaveLength(40);
  });

  test("refuse what is limited while it is gone, go on with the rest, and are well when it is back", async () => {
    const redis = await startRedis();
    const proxy = await open(redis.port);
    expect(isRefused(await proxy.call("echo", { a: 1 }))).toBe(false);
    expect(await isUp(proxy)).toBe(1);
    await redis.kill();
    const started = performance.now();
    const replies = await Promise.all(Array.from({ length: 64 }, () => proxy.call("echo", { a: 1 })));
    // The time an answer may take (2 s), and this machine.
    expect(performance.now() - started).toBeLessThan(3200);
    expect(replies.every(isRefused)).toBe(true);
    expect(JSON.stringify(replies[0])).toContain("The policy could not be applied (few-echoes).");
    expect(isRefused(await proxy.call("slow", { ms: 1 }))).toBe(false);
    expect(await isUp(proxy)).toBe(0);
    await redis.start();
    await until(async () => (await isUp(proxy)) === 1);
    const after = await Promise.all(Array.from({ length: 64 }, () => proxy.call("echo", { a: 1 })));
    expect(after.filter((reply) => !isRefused(reply))).toHaveLength(39);
    const log = proxy.folder.read("log");
    expect(log).toContain("cannot be reached");
    expect(log).toContain(`the store at 127.0.0.1:${redis.port} is back`);
  });
});

describe("a proxy with a store", () => {
  async function run(port: number) {
    const folder = openFolder();
    const settings = { rules: ["rules"], store: { url: `redis://:s3cr3t@127.0.0.1:${port}` } };
    folder.write("rules/policy.mcprules", `mcprules 1\n${POLICY}`);
    folder.write("servers.json", JSON.stringify({ mcpServers: { own: ownServer() }, mcprules: settings }));
    return openRawClient(program("--config", folder.at("servers.json")), folder.at("."));
  }

  async function endsInTime(client: Awaited<ReturnType<typeof run>>): Promise<void> {
    const started = performance.now();
    client.process.stdin.end();
    expect(await client.exit).toBe(0);
    expect(performance.now() - started).toBeLessThan(3000);
  }

  test("that is not there serves all the same, says so in its status, and ends when its client leaves", async () => {
    const port = await freePort();
    const client = await run(port);
    expect(await client.call("slow", { ms: 1 })).toMatchObject({ result: expect.anything() });
    const { stdout } = mcprules("status", "--pid", String(client.process.pid));
    expect(stdout).toContain(`store     127.0.0.1:${port}: down, ECONNREFUSED`);
    await endsInTime(client);
    await expect.poll(() => client.stderr()).toContain(`the store at 127.0.0.1:${port} cannot be reached`);
    expect(stdout + client.stderr()).not.toContain("s3cr3t");
  });

  test.skipIf(hasNoRedis).each([["is there"], ["stands still"]])("that %s ends when its client leaves", async (how) => {
    const redis = await RedisServer.start("--requirepass", "s3cr3t");
    servers.push(redis);
    const client = await run(redis.port);
    expect(await client.call("echo", { a: 1 })).toMatchObject({ result: { content: expect.anything() } });
    if (how === "stands still") redis.freeze();
    await endsInTime(client);
  });
});
