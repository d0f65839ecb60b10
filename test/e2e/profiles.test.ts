// One process, several faces: other servers, rules, names and sessions under each path; and proxies behind proxies.
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { beforeAll, describe, expect, test } from "vitest";
import { ALLOW_ALL, type Folder, openFolder } from "./folder.ts";
import { type HttpProxy, startHttpProxy } from "./http-proxy.ts";
import { connect, noted, textOf } from "./plain-client.ts";
import { ownServer, type Program, proxy as program, referenceServer } from "./programs.ts";

const DEV = `mcprules 1

default allow

rule dev-name
  when tool echo
  rename to "say"

rule only-in-ops
  when tools/call echo with secret "*" for profile ops
  block "Not in ops."
`;

const OPS = `mcprules 1

default allow

rule no-death
  when tool die
  block "Nobody dies here."

rule not-in-ops
  when tools/call echo with secret "*" for profile ops
  block "Not in ops."
`;

function writeSettings(folder: Folder, extra: object = {}): void {
  folder.write("dev/policy.mcprules", DEV);
  folder.write("ops/policy.mcprules", OPS);
  const mcpServers = {
    own: noted(ownServer(), folder.at("own.pids")),
    other: noted(ownServer("other-tool"), folder.at("other.pids")),
  };
  const profiles = {
    dev: { servers: ["own", "other"], rules: ["dev"] },
    ops: { servers: ["own"], rules: ["ops"] },
  };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules: { profiles, ...extra } }));
}

async function toolNames(client: Client): Promise<readonly string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

describe("over HTTP", () => {
  const folder = openFolder();
  let proxy: HttpProxy;
  const at = (path: string): URL => new URL(path, proxy.url);
  beforeAll(async () => {
    writeSettings(folder);
    proxy = await startHttpProxy("--config", folder.at("servers.json"));
  });

  test("each profile is at its own path, and nothing at the path of all", async () => {
    expect(proxy.url).toMatch(/\/mcp\/dev$/);
    await expect.poll(() => proxy.stderr()).toContain("/mcp/ops");
    const response = await fetch(at("/mcp"), { method: "POST", body: "{}" });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("MCP is at /mcp/dev, /mcp/ops");
    expect((await fetch(at("/mcp/prod"), { method: "POST", body: "{}" })).status).toBe(404);
  });

  test("a host that connects to two of them sees two proxies: other servers, names and rules", async () => {
    const [dev, ops] = [await connect(at("/mcp/dev")), await connect(at("/mcp/ops"))];
    const devTools = await toolNames(dev);
    expect(devTools).toContain("say");
    expect(devTools).toContain("die");
    expect(devTools).toContain("other-tool");
    const opsTools = await toolNames(ops);
    expect(opsTools).toContain("echo");
    expect(opsTools).not.toContain("die");
    expect(opsTools).not.toContain("other-tool");
    expect(await textOf(dev, "say", { a: 1 })).toBe('{"a":1}');
    await expect(ops.callTool({ name: "say", arguments: {} })).rejects.toThrow("Unknown tool");
    expect(await textOf(dev, "say", { secret: "s" })).toBe('{"secret":"s"}');
    expect(await textOf(ops, "echo", { secret: "s" })).toContain("Not in ops.");
    expect(new Set(folder.read("own.pids").trim().split("\n")).size).toBe(2);
  });

  test("a session of one is unknown in the other, for calls, streams and its end", async () => {
    const transport = new StreamableHTTPClientTransport(at("/mcp/dev"));
    const client = new Client({ name: "e2e", version: "1.0.0" });
    await client.connect(transport);
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-session-id": transport.sessionId ?? "",
      "mcp-protocol-version": "2025-11-25",
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    expect((await fetch(at("/mcp/ops"), { method: "POST", headers, body })).status).toBe(404);
    expect((await fetch(at("/mcp/ops"), { headers })).status).toBe(404);
    expect((await fetch(at("/mcp/ops"), { method: "DELETE", headers })).status).toBe(404);
    expect((await fetch(at("/mcp/dev"), { method: "POST", headers, body })).status).toBe(200);
    await client.close();
  });

  test("each is reloaded by itself, and only its clients are told", async () => {
    const told: string[] = [];
    const clients = await Promise.all(
      ["dev", "ops"].map(async (profile) => {
        const client = await connect(at(`/mcp/${profile}`));
        client.fallbackNotificationHandler = ({ method }) => {
          told.push(`${profile} ${method}`);
          return Promise.resolve();
        };
        await client.listTools();
        return client;
      }),
    );
    folder.write("ops/policy.mcprules", `${OPS}\nrule short when tool rubbish block "No."\n`);
    for (const last = Date.now() + 5000; Date.now() < last && told.length === 0; await delay(20));
    await delay(300);
    expect(told).toEqual(["ops notifications/tools/list_changed"]);
    expect(await toolNames(clients[1] as Client)).not.toContain("rubbish");
    expect(await toolNames(clients[0] as Client)).toContain("rubbish");
    expect(proxy.stderr()).toMatch(/profile ops: policy revision \w+ is in force/);
  });

  test("one of them alone is served where it is named", async () => {
    const alone = await startHttpProxy("--config", folder.at("servers.json"), "--profile", "ops");
    expect(alone.url).toMatch(/\/mcp\/ops$/);
    expect((await fetch(new URL("/mcp/dev", alone.url), { method: "POST", body: "{}" })).status).toBe(404);
  });
});

describe("over stdio", () => {
  const folder = openFolder();
  beforeAll(() => writeSettings(folder));
  const run = (...args: readonly string[]): Program => program("--config", folder.at("servers.json"), ...args);

  test("a client gets the profile that is named", async () => {
    expect(await toolNames(await connect(run("--profile", "dev")))).toContain("say");
    expect(await toolNames(await connect(run("--profile", "ops")))).not.toContain("say");
  });

  test.each([
    ["none is named", [], "it is not said which one this client gets"],
    ["there is none of that name", ["--profile", "opps"], "did you mean `ops`?"],
  ])("the proxy does not start where %s", async (_what, args, said) => {
    const { command, args: all } = run(...args);
    const { spawnSync } = await import("node:child_process");
    const ended = spawnSync(command, all, { encoding: "utf8", input: "" });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(said);
  });

  test("no server of one profile may reach the policy of another", async () => {
    const exposed = openFolder();
    exposed.write("dev/policy.mcprules", ALLOW_ALL);
    exposed.write("ops/policy.mcprules", ALLOW_ALL);
    const mcpServers = { own: ownServer(), files: referenceServer("filesystem", exposed.at("ops")) };
    const profiles = {
      dev: { servers: ["files"], rules: ["dev"] },
      ops: { servers: ["own"], rules: ["ops"] },
    };
    exposed.write("servers.json", JSON.stringify({ mcpServers, mcprules: { profiles } }));
    await expect(startHttpProxy("--config", exposed.at("servers.json"))).rejects.toThrow(
      /in the profile `dev`:\s+error: the server `files` is given `[^`]*ops`, through which it could change the policy/,
    );
  });
});

describe("proxies behind proxies", () => {
  const THERE = `mcprules 1

default allow

rule there-tools when tool * rename to "x_*"
rule there-prompts when prompt * rename to "y_*"
`;
  const BACK = `mcprules 1

default allow

rule back-tools when tool x_* rename to "*"
rule back-prompts when prompt y_* rename to "*"
`;

  async function everything(client: Client): Promise<unknown> {
    const [tools, prompts, resources] = [
      await client.listTools(),
      await client.listPrompts(),
      await client.listResources(),
    ];
    const echoed = await client.callTool({ name: "echo", arguments: { message: "hello" } });
    const prompt = await client.getPrompt({ name: "simple-prompt" });
    return { tools, prompts, resources, echoed, prompt };
  }

  test.each(["stdio", "http"] as const)(
    "two over %s that rename there and back are as if there were none",
    async (way) => {
      const folder = openFolder();
      folder.write("there.mcprules", THERE);
      folder.write("back.mcprules", BACK);
      const server = referenceServer("everything");
      const direct = await everything(await connect(server));
      const inner = program("--rules", folder.at("there.mcprules"), "--", server.command, ...server.args);
      const settings = async (): Promise<string> => {
        const mcpServers = { inner: { url: (await innerOverHttp()).url } };
        folder.write("outer.json", JSON.stringify({ mcpServers, mcprules: { rules: ["back.mcprules"] } }));
        return folder.at("outer.json");
      };
      const innerOverHttp = (): Promise<HttpProxy> => {
        folder.write(
          "inner.json",
          JSON.stringify({ mcpServers: { e: server }, mcprules: { rules: ["there.mcprules"] } }),
        );
        return startHttpProxy("--config", folder.at("inner.json"));
      };
      const outer =
        way === "stdio"
          ? program("--rules", folder.at("back.mcprules"), "--", inner.command, ...inner.args)
          : new URL((await startHttpProxy("--config", await settings())).url);
      const chained = await connect(outer);
      expect(await everything(chained)).toEqual(direct);
    },
  );
});
