// Tasks of 2025-11-25 with real programs: server-everything makes them and asks for them, and the proxy makes no difference.
import { InMemoryTaskStore } from "@modelcontextprotocol/sdk/experimental/tasks";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { ResponseMessage } from "@modelcontextprotocol/sdk/shared/responseMessage.js";
import { type CallToolResult, CallToolResultSchema, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { type Program, proxy, referenceServer } from "./programs.ts";

const RELATED = "io.modelcontextprotocol/related-task";
const CLIENT_TASKS = {
  list: {},
  cancel: {},
  requests: { elicitation: { create: {} }, sampling: { createMessage: {} } },
};

interface Peer {
  readonly client: Client;
  /** The tasks that its questions were related to. */
  readonly related: unknown[];
}

/** It makes a task of each elicitation that it is asked for as one. */
async function connect({ command, args }: Program): Promise<Peer> {
  const taskStore = new InMemoryTaskStore();
  const client = new Client(
    { name: "e2e", version: "1.0.0" },
    {
      capabilities: { elicitation: {}, sampling: {}, tasks: CLIENT_TASKS },
      taskStore,
    },
  );
  const related: unknown[] = [];
  client.setRequestHandler(ElicitRequestSchema, async ({ params }, extra) => {
    related.push(params._meta?.[RELATED]);
    const answer = { action: "accept", content: { interpretation: "technical", name: "Ada" } } as const;
    if (params.task === undefined || extra.taskStore === undefined) return answer;
    const task = await extra.taskStore.createTask({ ttl: 60_000, pollInterval: 50 });
    await extra.taskStore.storeTaskResult(task.taskId, "completed", answer);
    return { task };
  });
  afterAll(() => client.close());
  await client.connect(new StdioClientTransport({ command, args: [...args], stderr: "ignore" }));
  await client.listTools();
  return { client, related };
}

const folder = openFolder();

function proxied(policy: string): Program {
  folder.write("rules/policy.mcprules", policy);
  const config = folder.at("servers.json");
  const mcpServers = { everything: referenceServer("everything") };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules: { rules: ["rules"] } }));
  return proxy("--config", config);
}

/** What a client sees of a call that becomes a task, and the ids it was told. */
async function research(
  client: Client,
  ambiguous: boolean,
): Promise<{ readonly seen: unknown[]; readonly ids: Set<string> }> {
  const seen: unknown[] = [];
  const ids = new Set<string>();
  const call = { name: "simulate-research-query", arguments: { topic: "proxies", ambiguous } };
  for await (const said of client.experimental.tasks.callToolStream(call, CallToolResultSchema, {
    task: { ttl: 60_000 },
  })) {
    if (said.type === "taskCreated" || said.type === "taskStatus") ids.add(said.task.taskId);
    const shown = shownOf(said);
    if (JSON.stringify(shown) !== JSON.stringify(seen.at(-1))) seen.push(shown);
  }
  return { seen, ids };
}

function shownOf(said: ResponseMessage<CallToolResult>): unknown {
  switch (said.type) {
    case "result":
      return said.result.content;
    case "error":
      return said.error;
    case "taskCreated":
    case "taskStatus":
      return said.task.status;
  }
}

describe("a call that becomes a task", () => {
  let direct: Peer;
  let through: Peer;
  beforeAll(async () => {
    [direct, through] = await Promise.all([connect(referenceServer("everything")), connect(proxied(ALLOW_ALL))]);
  }, 40_000);

  test("ends as without the proxy, with a question in the middle of it", async () => {
    const [alone, together] = await Promise.all([research(direct.client, true), research(through.client, true)]);
    expect(together.seen).toEqual(alone.seen);
    expect(together.seen.at(-1)).toMatchObject([{ type: "text" }]);
    expect(together.ids.size).toBe(1);
    const [taskId] = together.ids;
    expect(through.related.at(-1)).toEqual({ taskId });
    const { tasks } = await through.client.experimental.tasks.listTasks();
    expect(tasks).toMatchObject([{ taskId, status: "completed" }]);
  }, 60_000);

  test("can be cancelled", async () => {
    const stopped = await Promise.all(
      [direct.client, through.client].map(async (client) => {
        const call = { name: "simulate-research-query", arguments: { topic: "x" } };
        const stream = client.experimental.tasks.callToolStream(call, CallToolResultSchema, { task: {} });
        const created = (await stream.next()).value;
        if (created?.type !== "taskCreated") throw new Error("no task was made");
        const { status } = await client.experimental.tasks.cancelTask(created.task.taskId);
        return status;
      }),
    );
    expect(stopped).toEqual(["cancelled", "cancelled"]);
  }, 30_000);

  test("is unknown under an id that nobody gave", async () => {
    await expect(through.client.experimental.tasks.getTask("nope")).rejects.toMatchObject({ code: -32602 });
  });

  test("of the client's is asked about by the server that asked for it", async () => {
    const call = { name: "trigger-elicitation-request-async", arguments: {} };
    const [alone, together] = await Promise.all(
      [direct.client, through.client].map((client) => client.callTool(call, CallToolResultSchema)),
    );
    expect(JSON.stringify(together)).toContain("Ada");
    expect(withoutIds(together)).toEqual(withoutIds(alone));
  }, 30_000);
});

function withoutIds(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/[0-9a-f]{32}|\d+-\d+-\d+T[\d:.]+Z/g, "_"));
}

test("an outcome that a rule keeps back does not come by another message", async () => {
  const policy =
    'mcprules 1\ndefault allow\nrule no when result of tools/call simulate-* with content[*].text /Research Report/ block "kept back"\n';
  const { client } = await connect(proxied(policy));
  const { seen } = await research(client, false);
  expect(seen.at(-1)).toEqual([{ type: "text", text: "kept back" }]);
}, 60_000);
