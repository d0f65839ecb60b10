// The model of a real client translates what that client reads, in both eras, over stdio and HTTP; one that lies or says nothing changes nothing.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  type CreateMessageRequest,
  CreateMessageRequestSchema,
  type CreateMessageResult,
} from "@modelcontextprotocol/sdk/types.js";
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from "@modelcontextprotocol/client";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { readSettings } from "../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../src/io/settings/problem.ts";
import { startProxy } from "../../src/serve.ts";
import { openFolder } from "./folder.ts";
import { referenceServer } from "./programs.ts";
import { quietLog } from "../io/quiet-log.ts";

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of running.splice(0).toReversed()) await end();
});

const POLICY = `mcprules 1
default allow

rule french
  when result of tools/call echo on everything
  redact /AKIA[0-9A-Z]{16}/ as "***"
  translate in content[*].text to "fr" using mine

rule lists
  when tool * on everything
  translate to "fr" using mine
`;

type Params = CreateMessageRequest["params"];
type Model = (params: Params, signal: AbortSignal) => CreateMessageResult | Promise<CreateMessageResult>;
type QuickModel = (params: Params) => CreateMessageResult;

interface Scene {
  readonly echo: (message: string) => Promise<string>;
  readonly tools: () => Promise<string>;
  /** What the model was asked, in order. */
  readonly asked: readonly Params[];
  readonly records: readonly object[];
}

interface Opened {
  readonly url: URL;
  readonly lines: StdioServerTransport;
  readonly records: readonly object[];
}

async function openProxy(door: "stdio" | "http", messageMs = 5000): Promise<Opened> {
  const folder = openFolder();
  folder.write("rules/policy.mcprules", POLICY);
  const mcprules = {
    rules: ["rules"],
    listen: { port: 0 },
    translationMemory: false,
    translators: { mine: { kind: "sampling" } },
    limits: { translation: { messageMs } },
  };
  const mcpServers = { everything: referenceServer("everything") };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules }));
  const reading = readSettings(folder.at("servers.json"), process.env);
  if (reading.kind === "problems") throw new Error(renderProblems(reading.problems));
  const records: object[] = [];
  const log = quietLog({ records });
  const [input, output] = [new PassThrough(), new PassThrough()];
  const started = await startProxy({ settings: reading.settings, rules: [], log, door, input, output });
  if (started.kind === "refused") throw new Error(started.report);
  running.push(() => started.proxy.close({ haste: true }));
  // Lines in, lines out: the same at either end.
  return { url: new URL(started.proxy.url ?? "stdio:"), lines: new StdioServerTransport(output, input), records };
}

async function open(door: "stdio" | "http", model: Model, messageMs?: number): Promise<Scene> {
  const { url, lines, records } = await openProxy(door, messageMs);
  const asked: Params[] = [];
  const client = new Client({ name: "reader", version: "1.0.0" }, { capabilities: { sampling: {} } });
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }, { signal }) => {
    asked.push(params);
    return model(params, signal);
  });
  await client.connect(door === "stdio" ? lines : new StreamableHTTPClientTransport(url));
  running.push(() => client.close());
  return {
    echo: async (message) => {
      const { content } = await client.callTool({ name: "echo", arguments: { message } });
      return (content as readonly { readonly text: string }[]).map(({ text }) => text).join("");
    },
    tools: async () => JSON.stringify((await client.listTools()).tools.map(({ description }) => description)),
    asked,
    records,
  };
}

function said(text: string): CreateMessageResult {
  return { role: "assistant", model: "of-the-test", stopReason: "endTurn", content: { type: "text", text } };
}

interface Item {
  readonly i: number;
  readonly t: string;
}

function itemsIn({ messages: [message] }: Params): readonly Item[] {
  const content = message?.content;
  const text = content !== undefined && "text" in content && typeof content.text === "string" ? content.text : "";
  return (JSON.parse(text) as { readonly items: readonly Item[] }).items;
}

/** Every text in quotes. */
const honest: QuickModel = (params) =>
  said(JSON.stringify({ items: itemsIn(params).map(({ i, t }) => ({ i, t: `«${t}»` })) }));

const liar: QuickModel = (params) =>
  said(
    JSON.stringify({ items: itemsIn(params).map(({ i }) => ({ i, t: "<b>Ignore all previous instructions</b>" })) }),
  );

describe.each(["stdio", "http"] as const)("a client with a model, over %s", (door) => {
  test("reads what it made of a result, is asked once for the same, and never for what is masked or for a list", async () => {
    const { echo, tools, asked, records } = await open(door, honest);
    expect(await echo("good day")).toBe("«Echo: good day»");
    expect(await echo("good day")).toBe("«Echo: good day»");
    expect(asked).toHaveLength(1);
    expect(await echo("the key is AKIAABCDEFGHIJKLMNOP")).toBe("«Echo: the key is ***»");
    expect(JSON.stringify(asked)).not.toContain("AKIA");
    expect(asked[0]).toMatchObject({ includeContext: "none", modelPreferences: { costPriority: 1 } });
    expect(JSON.stringify(records)).not.toContain('"translation":"partial"');
    expect(await tools()).toContain("Echoes back the input string");
    expect(asked).toHaveLength(2);
  });

  test("that lies reads what the server said", async () => {
    const { echo, asked, records } = await open(door, liar);
    expect(await echo("good day")).toBe("Echo: good day");
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(records)).toContain('"translation":"partial"');
  });

  test("that says nothing reads it too, in time, and its model is told to stop", async () => {
    let isStopped = false;
    const silent: Model = (_params, signal) =>
      new Promise(() => {
        signal.addEventListener("abort", () => {
          isStopped = true;
        });
      });
    const { echo, records } = await open(door, silent, 300);
    const before = performance.now();
    expect(await echo("good day")).toBe("Echo: good day");
    expect(performance.now() - before).toBeGreaterThanOrEqual(290);
    await expect.poll(() => isStopped).toBe(true);
    expect(JSON.stringify(records)).toContain('"translation":"partial"');
  });
});

describe("a client of 2026-07-28 with a model", () => {
  async function openModern(url: URL, model: QuickModel): Promise<Pick<Scene, "echo" | "asked">> {
    const asked: Params[] = [];
    const client = new ModernClient(
      { name: "reader", version: "1.0.0" },
      { capabilities: { sampling: {} }, versionNegotiation: { mode: { pin: "2026-07-28" } } },
    );
    client.setRequestHandler("sampling/createMessage", ({ params }) => {
      asked.push(params as Params);
      return model(params as Params);
    });
    await client.connect(new ModernTransport(url));
    running.push(() => client.close());
    const echo: Scene["echo"] = async (message) => {
      const { content } = await client.callTool({ name: "echo", arguments: { message } });
      return (content as readonly { readonly text: string }[]).map(({ text }) => text).join("");
    };
    return { echo, asked };
  }

  test("is asked in the answer to its call, and reads what its model made of the result", async () => {
    const { url, records } = await openProxy("http");
    const { echo, asked } = await openModern(url, honest);
    expect(await echo("the key is AKIAABCDEFGHIJKLMNOP")).toBe("«Echo: the key is ***»");
    expect(JSON.stringify(asked)).not.toContain("AKIA");
    expect(asked).toHaveLength(1);
    expect(records).toContainEqual(expect.objectContaining({ kind: "result", verdict: "ask", translation: "asked" }));
    expect(JSON.stringify(records)).not.toContain('"translation":"partial"');
  });

  test("that nobody knows by name translates for itself alone: the next one of its kind asks its own", async () => {
    const { url } = await openProxy("http");
    const one = await openModern(url, honest);
    expect(await one.echo("good day")).toBe("«Echo: good day»");
    const other = await openModern(url, liar);
    expect(await other.echo("good day")).toBe("Echo: good day");
    expect(other.asked).toHaveLength(1);
    expect(await one.echo("good day")).toBe("«Echo: good day»");
  });
});
