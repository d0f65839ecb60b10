// The HTTP door of the built proxy: who comes in is known to the rules and to the log, and what was at the door stays there.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFolder } from "./folder.ts";
import { type HttpProxy, startHttpProxy } from "./http-proxy.ts";
import { overheard, ownServer, proxy as program } from "./programs.ts";

const folder = openFolder();
const TOKENS = { TOKEN_OF_ADA: "ada-0123456789abcdef", TOKEN_OF_EVE: "eve-0123456789abcdef" };
const POLICY = `mcprules 1

default allow

rule editors-only
  when tools/call echo on own with of "whom" for group interns
  block "Ask your mentor."
`;

let proxy: HttpProxy;
beforeAll(async () => {
  Object.assign(process.env, TOKENS);
  folder.write("rules/policy.mcprules", POLICY);
  const bearer = [
    { env: "TOKEN_OF_ADA", user: "ada", groups: ["editors"] },
    { env: "TOKEN_OF_EVE", user: "eve", groups: ["interns"] },
  ];
  const mcprules = { rules: ["rules"], auth: { bearer } };
  const mcpServers = { own: overheard(ownServer(), folder.at("own.heard")) };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules }));
  proxy = await startHttpProxy("--config", folder.at("servers.json"));
});
afterAll(() => {
  for (const name of Object.keys(TOKENS)) Reflect.deleteProperty(process.env, name);
});

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: "e2e", version: "1.0.0" });
  const headers = { authorization: `Bearer ${token}`, cookie: "c=secret-cookie" };
  await client.connect(new StreamableHTTPClientTransport(new URL(proxy.url), { requestInit: { headers } }));
  afterAll(() => client.close());
  return client;
}

describe("who shows a token", () => {
  test("is a user with groups to the rules, and in the log", async () => {
    const [ada, eve] = [await connect(TOKENS.TOKEN_OF_ADA), await connect(TOKENS.TOKEN_OF_EVE)];
    const call = { name: "echo", arguments: { of: "whom" } };
    expect(await ada.callTool(call)).toMatchObject({ content: [{ text: '{"of":"whom"}' }] });
    expect(await eve.callTool(call)).toMatchObject({ isError: true });
    await delay(200);
    const record = proxy
      .stderr()
      .split("\n")
      .find((line) => line.includes('"rule":"editors-only"'));
    expect(JSON.parse(record ?? "{}")).toMatchObject({ user: "eve", verdict: "block", client: "e2e" });
  });

  test("shows it to nobody behind the door", () => {
    expect(folder.read("own.heard")).toContain('"tools/call"');
    expect(folder.read("own.heard")).not.toMatch(/0123456789abcdef|secret-cookie|authorization/i);
    expect(proxy.stderr()).not.toMatch(/0123456789abcdef|secret-cookie/);
  });

  test("is the only one let in", async () => {
    await expect(connect("eve-0123456789abcdee")).rejects.toThrow("this token is not accepted");
    await expect
      .poll(() => proxy.stderr())
      .toContain("refused a request from 127.0.0.1 (401): this token is not accepted");
    expect(proxy.stderr()).not.toContain("0123456789abcdee");
  });
});

describe("a door that cannot be opened is said", () => {
  const run = (...args: readonly string[]): { readonly status: number | null; readonly stderr: string } => {
    const server = ownServer();
    const { command, args: own } = program(
      ...args,
      "--name",
      "own",
      "--rules",
      folder.at("rules"),
      "--",
      server.command,
      ...server.args,
    );
    return spawnSync(command, own, { encoding: "utf8", input: "", timeout: 15_000 });
  };

  test.each([
    [
      "a port that is taken",
      () => ["--http", new URL(proxy.url).host],
      1,
      "error: the HTTP door cannot be opened: another program listens at 127.0.0.1:",
    ],
    ["an address that others can reach", () => ["--http", "0.0.0.0:0"], 1, "there is no `auth`"],
    ["no port at all", () => ["--http", "localhost"], 2, "is no `[HOST:]PORT`"],
    ["a port that is too large", () => ["--http", "99999"], 2, "is no `[HOST:]PORT`"],
  ])("%s", (_name, args, status, message) => {
    const ended = run(...args());
    expect(ended.stderr).toContain(message);
    expect(ended.status).toBe(status);
  });
});

test("the end of the proxy is the end of every session and of its servers", async () => {
  await Promise.all([connect(TOKENS.TOKEN_OF_ADA), connect(TOKENS.TOKEN_OF_EVE)]);
  const mark = folder.at("own.heard");
  const running = (): number => spawnSync("pgrep", ["-f", mark], { encoding: "utf8" }).stdout.split("\n").length - 1;
  expect(running()).toBeGreaterThan(0);
  proxy.process.kill("SIGTERM");
  const [code] = (await once(proxy.process, "exit")) as [number | null];
  expect(code).toBe(143);
  for (const last = Date.now() + 8000; running() > 0 && Date.now() < last;) await delay(50);
  expect(running()).toBe(0);
});
