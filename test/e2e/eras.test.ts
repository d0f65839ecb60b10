// Clients and servers of both eras, with real SDKs over stdio: each client with each server, through the proxy.
import { setTimeout as delay } from "node:timers/promises";
import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, describe, expect, test } from "vitest";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { eraServer, type Program, proxy, shyServer } from "./programs.ts";
import { connectSdkClient } from "./sdk-client.ts";

const folder = openFolder();
let folders = 0;

/** What a test needs of a client, whichever SDK it is of. */
interface AnyClient {
  readonly asked: () => readonly string[];
  readonly logs: () => readonly unknown[];
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<unknown>;
  readonly tools: () => Promise<readonly string[]>;
  readonly read: (uri: string) => Promise<unknown>;
  readonly cancelled: (name: string) => Promise<unknown>;
  readonly stderr: () => string;
}

const CLIENTS: Readonly<Record<string, (program: Program) => Promise<AnyClient>>> = {
  "a client of SDK v1": connectLegacy,
  "a client of SDK v2, as a legacy one": (program) => connectModern(program, "legacy"),
  "a client of SDK v2, as a modern one": (program) => connectModern(program, "auto"),
};

const ROOTS = [{ uri: "file:///work", name: "root" }];
const SAMPLED = { role: "assistant", model: "none", content: { type: "text", text: "sampled" } } as const;
const NAMED = { action: "accept", content: { name: "Ada" } } as const;

async function connectLegacy(program: Program): Promise<AnyClient> {
  const connected = await connectSdkClient(program, { roots: ["file:///work"] });
  const { client, asked, notified } = connected;
  await client.setLoggingLevel("info");
  return {
    stderr: () => connected.stderr(),
    asked: () => asked.map((one) => (one as { readonly method: string }).method),
    logs: () =>
      notified.filter(({ method }) => method === "notifications/message").map(({ params }) => params?.["data"]),
    call: (name, args = {}) => client.callTool({ name, arguments: args }),
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    read: (uri) => client.readResource({ uri }),
    cancelled: (name) => client.callTool({ name, arguments: {} }, undefined, { timeout: 500 }).catch(String),
  };
}

async function connectModern(program: Program, mode: "auto" | "legacy"): Promise<AnyClient> {
  const asked: string[] = [];
  const logs: unknown[] = [];
  const errors: Buffer[] = [];
  const capabilities = { elicitation: { form: {} }, sampling: {}, roots: {} };
  const client = new ModernClient({ name: "e2e", version: "1.0.0" }, { capabilities, versionNegotiation: { mode } });
  client.setRequestHandler("elicitation/create", ({ method }) => {
    asked.push(method);
    return NAMED;
  });
  client.setRequestHandler("sampling/createMessage", ({ method }) => {
    asked.push(method);
    return SAMPLED;
  });
  client.setRequestHandler("roots/list", ({ method }) => {
    asked.push(method);
    return { roots: ROOTS };
  });
  client.setNotificationHandler("notifications/message", ({ params }) => void logs.push(params.data));
  const transport = new StdioClientTransport({ command: program.command, args: [...program.args], stderr: "pipe" });
  transport.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
  afterAll(() => client.close());
  await client.connect(transport);
  expect(client.getProtocolEra()).toBe(mode === "auto" ? "modern" : "legacy");
  // oxlint-disable-next-line typescript/no-deprecated -- what is deprecated is what legacy clients do
  if (mode === "legacy") await client.setLoggingLevel("info");
  const _meta = mode === "auto" ? { _meta: { "io.modelcontextprotocol/logLevel": "info" } } : {};
  return {
    asked: () => asked,
    logs: () => logs,
    stderr: () => Buffer.concat(errors).toString(),
    call: (name, args = {}) => client.callTool({ name, arguments: args, ..._meta }),
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    read: (uri) => client.readResource({ uri }),
    cancelled: (name) => client.callTool({ name, arguments: {} }, { timeout: 500 }).catch(String),
  };
}

async function connect(
  connectClient: (program: Program) => Promise<AnyClient>,
  server: Program,
  policy = ALLOW_ALL,
): Promise<AnyClient> {
  folders += 1;
  folder.write(`${folders}/policy.mcprules`, policy);
  const file = `${folders}.json`;
  folder.write(file, JSON.stringify({ mcpServers: { eras: server }, mcprules: { rules: [String(folders)] } }));
  return connectClient(proxy("--config", folder.at(file)));
}

const TOOLS = ["echo", "talk", "wait", "who", "all"];

describe.each(Object.entries(CLIENTS))("%s", (_client, connectClient) => {
  describe.each(["legacy", "modern", "dual"])("with a %s server", (era) => {
    let client: Promise<AnyClient> | undefined;
    const connected = (): Promise<AnyClient> => (client ??= connect(connectClient, eraServer(era)));

    test("lists, calls and reads", async () => {
      const { tools, call, read } = await connected();
      expect(await tools()).toEqual(TOOLS);
      expect(await call("echo", { text: "é" })).toMatchObject({ content: [{ text: "é" }] });
      expect(await read("file:///hello.txt")).toMatchObject({ contents: [{ text: "hello" }] });
    });

    test("is asked by the server in the middle of a call", async () => {
      const { call, asked } = await connected();
      expect(contentOf(await call("who"))).toMatchObject({ answers: { who: NAMED }, state: "the état of who" });
      expect(asked()).toEqual(["elicitation/create"]);
    });

    test("is asked several things at once", async () => {
      const { call, asked } = await connected();
      const { answers } = contentOf(await call("all"));
      expect(answers).toMatchObject({ who: NAMED, model: SAMPLED, where: { roots: ROOTS } });
      expect(asked().toSorted().slice(-2)).toEqual(["roots/list", "sampling/createMessage"]);
    });

    test("hears what the server logs", async () => {
      const { call, logs } = await connected();
      expect(await call("talk")).toMatchObject({ content: [{ text: "talked" }] });
      await delay(50);
      expect(logs()).toEqual(["careful"]);
    });

    test("cancels a call, and the server hears of it", async () => {
      const { cancelled, stderr } = await connected();
      await cancelled("wait");
      await expect.poll(stderr).toContain("the call was cancelled");
    });
  });
});

const RULES = `mcprules 1

default allow

rule nobody-is-asked when elicitation/create from server block

rule models-are-quoted when result of sampling/createMessage set content.text = "as a model says"
`;

describe.each(Object.entries(CLIENTS))("with rules on questions, %s", (_client, connectClient) => {
  test("is not asked what they block, and answers what they let through as they say", async () => {
    const { call, asked } = await connect(connectClient, eraServer("modern"), RULES);
    expect(contentOf(await call("all")).answers).toMatchObject({
      who: { action: "decline" },
      model: { content: { text: "as a model says" } },
      where: { roots: ROOTS },
    });
    expect(asked().toSorted()).toEqual(["roots/list", "sampling/createMessage"]);
  });

  test("has a legacy server hear of what they block", async () => {
    const { call, asked } = await connect(connectClient, eraServer("legacy"), RULES);
    expect(await call("who")).toMatchObject({ isError: true });
    expect(asked()).toEqual([]);
  });
});

test.each(["ends", "silent"] as const)(
  "a legacy server that %s when it is asked what it is is used all the same",
  async (manner) => {
    const { tools, call } = await connect((program) => connectModern(program, "auto"), shyServer(manner));
    expect(await tools()).toEqual(["hide"]);
    expect(await call("hide")).toMatchObject({ content: [{ text: "hidden" }] });
  },
);

function contentOf(result: unknown): { readonly answers: Record<string, unknown>; readonly state?: string } {
  const { content } = result as { readonly content: readonly { readonly text: string }[] };
  return JSON.parse(content[0]?.text ?? "{}") as { readonly answers: Record<string, unknown> };
}
