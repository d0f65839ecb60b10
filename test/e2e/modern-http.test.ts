// The modern era over HTTP on both sides, with the SDK's client and server: through the proxy all is as it is directly.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSettings } from "../../src/io/settings/settings-file.ts";
import { startProxy } from "../../src/serve.ts";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { startRemoteEverything } from "./remote-everything.ts";
import { connectSdkClient } from "./sdk-client.ts";
import { until } from "../until.ts";
import { quietLog } from "../io/quiet-log.ts";

interface ModernServer {
  readonly url: string;
  readonly asked: {
    readonly headers: Record<string, string | undefined>;
    readonly body: { readonly method: string };
  }[];
  readonly abandoned: readonly string[];
  toolsChanged(): void;
  resourceUpdated(uri: string): void;
  close(): Promise<void>;
}

const { startModernServer } = (await import(new URL("modern-server.mjs", import.meta.url).href)) as {
  startModernServer(this: void): Promise<ModernServer>;
};

const folder = openFolder();
const closers: (() => Promise<unknown>)[] = [];
const reports: string[] = [];
let server: ModernServer;
let direct: Client;
let proxied: Client;
let proxyUrl: URL;

beforeAll(async () => {
  server = await startModernServer();
  closers.push(() => server.close());
  proxyUrl = await proxyTo(server.url);
  direct = await modernClient(new URL(server.url));
  proxied = await modernClient(proxyUrl);
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function proxyTo(url: string, mode = "streamableHttp"): Promise<URL> {
  return (await startProxyTo(url, mode)).url;
}

interface Started {
  readonly url: URL;
  readonly close: () => Promise<void>;
}

async function startProxyTo(url: string, mode = "streamableHttp"): Promise<Started> {
  const entry = mode === "sse" ? { url, type: "sse" } : { url };
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  folder.write(
    "settings.json",
    JSON.stringify({ mcpServers: { m: entry }, mcprules: { listen: { port: 0 }, rules: ["rules"] } }),
  );
  const reading = readSettings(folder.at("settings.json"), {});
  if (reading.kind === "problems") throw new Error(JSON.stringify(reading.problems));
  const start = await startProxy({ settings: reading.settings, rules: [], log: quietLog({ reports }), door: "http" });
  if (start.kind === "refused") throw new Error(start.report);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= start.proxy.close({ haste: true }));
  closers.push(close);
  return { url: new URL(start.proxy.url ?? ""), close };
}

async function modernClient(url: URL): Promise<Client> {
  const capabilities = { elicitation: { form: {} }, sampling: {} };
  const client = new Client(
    { name: "e2e", version: "1.0.0" },
    { capabilities, versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { name: "Ada" } }));
  client.setRequestHandler("sampling/createMessage", () => ({
    role: "assistant",
    model: "none",
    content: { type: "text", text: "sampled" },
  }));
  await client.connect(new StreamableHTTPClientTransport(url));
  closers.push(() => client.close());
  return client;
}

/** Without what each hop says of itself, and how long it may be kept. */
function content(result: object): object {
  const { _meta, ttlMs: _ttl, cacheScope: _scope, ...rest } = result as Record<string, unknown>;
  return rest;
}

describe("a client and a server of the modern era", () => {
  test.each<[string, (client: Client) => Promise<object>]>([
    ["resources", (client) => client.listResources()],
    ["prompts", (client) => client.listPrompts()],
    ["a resource", (client) => client.readResource({ uri: "note://one" })],
    ["a prompt whose name no header can hold", (client) => client.getPrompt({ name: "grüße" })],
    ["a tool", (client) => client.callTool({ name: "lively", arguments: {} })],
    ["a tool that asks in mid-call", (client) => client.callTool({ name: "asks", arguments: {} })],
    [
      "a tool whose arguments stand in headers",
      async (client) => {
        await client.listTools();
        return client.callTool({ name: "mirrored", arguments: { region: "größe", count: 3 } });
      },
    ],
  ])("have the same: %s", async (_, ask) => {
    expect(content(await ask(proxied))).toEqual(content(await ask(direct)));
  });

  test("have the same tools, but those that the SDK's client hides too", async () => {
    const [shown, known] = [await proxied.listTools(), await direct.listTools()];
    expect(shown.tools).toEqual(known.tools);
    expect(reports.filter((text) => text.includes("`broken` is hidden"))).toHaveLength(1);
  });

  test("have the same errors", async () => {
    const failure = (client: Client): Promise<unknown> =>
      client.getPrompt({ name: "nobody" }).then(
        () => "no error",
        (error: unknown) => (error as { readonly code?: number }).code,
      );
    expect(await failure(proxied)).toBe(await failure(direct));
  });

  test("hear of progress", async () => {
    const heard: unknown[] = [];
    await proxied.callTool({ name: "lively", arguments: {} }, { onprogress: (progress) => heard.push(progress) });
    expect(heard).toEqual([
      { progress: 1, total: 2 },
      { progress: 2, total: 2 },
    ]);
  });

  test("what stands in the headers of the server's requests is what their bodies say", async () => {
    const since = server.asked.length;
    await proxied.listTools();
    await proxied.callTool({ name: "mirrored", arguments: { region: "größe" } });
    const headers = server.asked.slice(since).find(({ body }) => body.method === "tools/call")?.headers;
    expect(headers).toMatchObject({
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "mirrored",
      "mcp-param-region": "=?base64?Z3LDtsOfZQ==?=",
    });
    expect([headers?.["mcp-session-id"], headers?.["mcp-param-count"]]).toEqual([undefined, undefined]);
  });

  test("what the client gives up, the server may give up too", async () => {
    const given = new AbortController();
    const calling = proxied.callTool({ name: "slow", arguments: {} }, { signal: given.signal });
    calling.catch(() => undefined);
    await until(() => server.asked.some(({ headers }) => headers["mcp-name"] === "slow"));
    given.abort();
    await expect(calling).rejects.toThrow("abort");
    expect(await until(() => server.abandoned.includes("slow"))).toBe(true);
  });
});

test("a client of the legacy era has the tools of a server of the modern era, each with its own way of saying so", async () => {
  const { client } = await connectSdkClient(proxyUrl);
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["mirrored", "slow", "lively", "asks"]);
  const called = await client.callTool({ name: "mirrored", arguments: { region: "fr" } });
  expect(called).toMatchObject({ content: [{ type: "text", text: '{"region":"fr"}' }] });
  expect(called).not.toHaveProperty("resultType");
});

test.each(["streamableHttp", "sse"] as const)(
  "a client of the modern era is asked by a server of the legacy era over %s, as its own era has it",
  async (mode) => {
    const client = await modernClient(await proxyTo(await startRemoteEverything(mode, folder.at("heard.jsonl")), mode));
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("trigger-sampling-request");
    const heard: unknown[] = [];
    const long = { name: "trigger-long-running-operation", arguments: { duration: 1, steps: 2 } };
    await client.callTool(long, { onprogress: ({ progress }) => heard.push(progress) });
    expect(heard).toEqual([1, 2]);
    const elicited = await client.callTool({ name: "trigger-elicitation-request", arguments: {} });
    expect(JSON.stringify(elicited)).toContain("Ada");
    const sampled = await client.callTool({ name: "trigger-sampling-request", arguments: { prompt: "say" } });
    expect(JSON.stringify(sampled)).toContain("sampled");
  },
);

test("a client of the modern era hears of what it listens for, and no more once it has hung up", async () => {
  const heard: string[] = [];
  const client = await modernClient(proxyUrl);
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => void heard.push(params.uri));
  client.setNotificationHandler("notifications/tools/list_changed", () => void heard.push("tools"));
  const wanted = { toolsListChanged: true, resourceSubscriptions: ["note://one"] };
  const listening = await client.listen(wanted);
  expect(listening.honoredFilter).toEqual(wanted);
  server.resourceUpdated("note://one");
  expect(await until(() => heard.includes("note://one"))).toBe(true);
  server.toolsChanged();
  expect(await until(() => heard.includes("tools"))).toBe(true);
  await listening.close();
  heard.length = 0;
  await client.listTools();
  server.resourceUpdated("note://one");
  await client.listTools();
  expect(heard).toEqual([]);
});

test("a client of the legacy era hears of resources of a server of the modern era that it subscribed to", async () => {
  const { client, notified } = await connectSdkClient(proxyUrl);
  await client.subscribeResource({ uri: "note://one" });
  server.resourceUpdated("note://one");
  expect(await until(() => notified.some(({ method }) => method === "notifications/resources/updated"))).toBe(true);
  expect(notified).toContainEqual({
    jsonrpc: "2.0",
    method: "notifications/resources/updated",
    params: { uri: "note://one" },
  });
});

test("who listens is told when the proxy goes away", async () => {
  const { url, close } = await startProxyTo(server.url);
  const client = await modernClient(url);
  const listening = await client.listen({ toolsListChanged: true });
  await close();
  expect(await listening.closed).toBe("graceful");
});

test("two proxies, one after the other, change nothing", async () => {
  const outer = await modernClient(await proxyTo(proxyUrl.href));
  const { tools } = await outer.listTools();
  expect(tools).toEqual((await direct.listTools()).tools);
  const ask = { name: "mirrored", arguments: { region: "größe", count: 1 } };
  expect(content(await outer.callTool(ask))).toEqual(content(await direct.callTool(ask)));
});
