// Servers made with the official SDK (v1), with sessions, streams, stored events and questions to the client, which we did not write.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { type EventStore, StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { isInitializeRequest, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, describe, expect, test } from "vitest";
import { call, connect, type Message } from "./remote.ts";
import { until } from "../../until.ts";
import { textOfBody } from "../../text-of-body.ts";

interface Kind {
  readonly json?: boolean;
  readonly stored?: boolean;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** `forget`: ends all sessions, as a server does that is started again. */
async function openSdkServer({ json = false, stored = false }: Kind) {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: json,
      ...(stored ? { eventStore: memoryOfEvents(), retryInterval: 50 } : {}),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await serverWithTools().connect(transport);
    return transport;
  };
  const server = createServer((request, response) => {
    void (async () => {
      const text = await textOfBody(request);
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      const id = request.headers["mcp-session-id"];
      const known = typeof id === "string" ? sessions.get(id) : undefined;
      const transport = known ?? (id === undefined && isInitializeRequest(body) ? await open() : undefined);
      if (transport === undefined) response.writeHead(404).end();
      else await transport.handleRequest(request, response, body);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, sessions };
}

function serverWithTools(): McpServer {
  const server = new McpServer({ name: "sdk", version: "1" });
  server.registerTool("echo", {}, () => ({ content: [{ type: "text", text: "echoed" }] }));
  server.registerTool("ask", {}, async ({ requestId }) => {
    const { roots } = await server.server.listRoots({}, { relatedRequestId: requestId });
    return { content: [{ type: "text", text: `${roots.length} roots` }] };
  });
  server.registerTool("poll", {}, async ({ closeSSEStream }) => {
    closeSSEStream?.();
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
    return { content: [{ type: "text", text: "polled" }] };
  });
  return server;
}

function memoryOfEvents(): EventStore {
  const events: { readonly id: string; readonly stream: string; readonly message: JSONRPCMessage }[] = [];
  return {
    storeEvent: (stream, message) => {
      const id = `${stream}_${events.length}`;
      events.push({ id, stream, message });
      return Promise.resolve(id);
    },
    replayEventsAfter: async (last, { send }) => {
      const at = events.findIndex(({ id }) => id === last);
      const stream = events[at]?.stream ?? "";
      for (const event of events.slice(at + 1)) if (event.stream === stream) await send(event.id, event.message);
      return stream;
    },
  };
}

const HELLO = {
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: { roots: {} },
    clientInfo: { name: "test", version: "1" },
  },
};

async function converse(kind: Kind) {
  const { url, sessions } = await openSdkServer(kind);
  const connection = connect(url);
  const { send, heard, happened } = connection;
  send(HELLO as Message);
  await until(() => heard.length === 1);
  send({ method: "notifications/initialized" });
  await until(() => happened.includes("drained"));
  heard.shift();
  return { ...connection, sessions };
}

function textsOf(heard: readonly (readonly [string, unknown])[]): readonly string[] {
  return heard.map(([about, message]) => {
    const { result, method } = message as { result?: { content: [{ text: string }] }; method?: string };
    return `${about} ${result?.content[0].text ?? method ?? ""}`;
  });
}

describe.each([
  ["with JSON answers", { json: true }],
  ["with streams", {}],
  ["with streams whose events are stored", { stored: true }],
])("a server of the SDK %s", (_how, kind) => {
  test("answers, and ends its session when we do", async () => {
    const { send, heard, end, sessions } = await converse(kind);
    send(call(2));
    await until(() => heard.length === 1);
    expect(textsOf(heard)).toEqual(["2 echoed"]);
    const [transport] = sessions.values();
    let isClosed = false;
    Object.assign(transport ?? {}, { onclose: () => void (isClosed = true) });
    await end.close();
    await until(() => isClosed);
  });

  test("that forgets its sessions is greeted again", async () => {
    const { send, heard, happened, sessions } = await converse(kind);
    sessions.clear();
    send(call(2));
    await until(() => heard.length === 1);
    expect(textsOf(heard)).toEqual(["2 echoed"]);
    expect(happened).toContain("renewed");
    expect(sessions.size).toBe(1);
  });
});

test("what a server of the SDK asks in the course of a call comes with that call, and is answered", async () => {
  const { send, heard } = await converse({});
  send(call(3, "ask"));
  await until(() => heard.length === 1);
  expect(textsOf(heard)).toEqual(["3 roots/list"]);
  const [[, asked] = ["", {}]] = heard;
  send({ id: (asked as { id: number }).id, result: { roots: [] } } as object);
  await until(() => heard.length === 2);
  expect(textsOf(heard)[1]).toBe("3 0 roots");
});

test("an answer that a server of the SDK wants to be polled for is polled for", async () => {
  const { send, heard, happened } = await converse({ stored: true });
  send(call(2, "poll"));
  await until(() => heard.length === 1);
  expect(textsOf(heard)).toEqual(["2 polled"]);
  expect(happened).toEqual(["drained"]);
});
