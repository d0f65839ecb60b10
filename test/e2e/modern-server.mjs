// A server of the modern era over HTTP, made with the SDK, that keeps every request it gets for tests to look at.
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, fromJsonSchema, inputRequired, McpServer } from "@modelcontextprotocol/server";

/** `asked`: headers and bodies; `abandoned`: the names of tools whose callers hung up. */
export async function startModernServer() {
  const asked = [];
  const abandoned = [];
  const handler = createMcpHandler(() => makeServer(abandoned), { legacy: "reject" });
  const answer = toNodeHandler(handler);
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    asked.push({ headers: request.headers, body });
    await answer(request, response, body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/mcp`,
    asked,
    abandoned,
    toolsChanged: () => handler.notify.toolsChanged(),
    resourceUpdated: (uri) => handler.notify.resourceUpdated(uri),
    close: async () => {
      await handler.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const NOTHING = { type: "object" };
const mirrored = (header) => ({
  type: "object",
  properties: {
    region: { type: "string", "x-mcp-header": header },
    count: { type: "integer", "x-mcp-header": "Count" },
  },
});

const says = (value) => ({ content: [{ type: "text", text: JSON.stringify(value) }] });

/** One for each request. */
function makeServer(abandoned) {
  const server = new McpServer(
    { name: "modern", version: "1.0.0" },
    {
      capabilities: { tools: { listChanged: true }, resources: { listChanged: true, subscribe: true }, logging: {} },
      instructions: "Be modern.",
    },
  );
  const add = (name, schema, run) =>
    server.registerTool(name, { description: name, inputSchema: fromJsonSchema(schema) }, run);
  add("mirrored", mirrored("Region"), (args) => says(args));
  add("broken", mirrored("no header"), () => says("never"));
  add("slow", NOTHING, async (_, { mcpReq }) => {
    await delay(20_000, undefined, { signal: mcpReq.signal }).catch(() => abandoned.push("slow"));
    return says("late");
  });
  add("lively", NOTHING, async (_, { mcpReq }) => {
    const { progressToken } = mcpReq._meta ?? {};
    for (const progress of [1, 2]) {
      await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 2 } });
    }
    await mcpReq.log("warning", "lively");
    return says("done");
  });
  add("asks", NOTHING, (_, { mcpReq }) => {
    const said = mcpReq.inputResponses?.who;
    if (said !== undefined) return says(said);
    const params = { message: "Who?", requestedSchema: { type: "object", properties: { name: { type: "string" } } } };
    return inputRequired({ inputRequests: { who: inputRequired.elicit(params) }, requestState: "the server's own" });
  });
  server.registerResource("note", "note://one", {}, () => ({ contents: [{ uri: "note://one", text: "1" }] }));
  server.registerPrompt("grüße", {}, () => ({ messages: [{ role: "user", content: { type: "text", text: "hi" } }] }));
  return server;
}
