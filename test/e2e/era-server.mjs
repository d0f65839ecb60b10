// A small server on the SDK of both eras. Its argument: `legacy`, `modern`, or `dual`, which is both, as the client opens.
import { once } from "node:events";
import { argv } from "node:process";
import { fromJsonSchema, inputRequired, McpServer } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";

const NO_ARGUMENTS = fromJsonSchema({ type: "object", properties: {} });
const FORM = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };

const QUESTIONS = {
  who: () => inputRequired.elicit({ message: "Who?", requestedSchema: FORM }),
  model: () =>
    inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text: "2+2" } }], maxTokens: 5 }),
  where: () => inputRequired.listRoots(),
};

function text(value) {
  return { content: [{ type: "text", text: typeof value === "string" ? value : JSON.stringify(value) }] };
}

/** Wants to know all of it before it says what it was told. */
function ask(server, name, keys) {
  server.registerTool(name, { description: `Asks: ${keys.join(", ")}`, inputSchema: NO_ARGUMENTS }, (_args, ctx) => {
    const answers = ctx.mcpReq.inputResponses;
    if (answers !== undefined) return text({ answers, state: ctx.mcpReq.requestState() });
    const inputRequests = Object.fromEntries(keys.map((key) => [key, QUESTIONS[key]()]));
    return inputRequired({ inputRequests, requestState: `the état of ${name}` });
  });
}

function create() {
  const server = new McpServer({ name: "eras", version: "1.0.0" }, { capabilities: { tools: {}, logging: {} } });
  const echo = fromJsonSchema({ type: "object", properties: { text: { type: "string" } }, required: ["text"] });
  server.registerTool("echo", { description: "Says it again", inputSchema: echo }, (args) => text(args.text));
  server.registerTool("talk", { description: "Logs and reports", inputSchema: NO_ARGUMENTS }, async (_args, ctx) => {
    // oxlint-disable-next-line typescript/no-deprecated -- what is deprecated is still spoken
    await ctx.mcpReq.log("warning", "careful", "eras");
    const progressToken = ctx.mcpReq._meta?.progressToken;
    if (progressToken !== undefined) {
      await ctx.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: 1, total: 2 } });
    }
    return text("talked");
  });
  server.registerTool(
    "wait",
    { description: "Until it is cancelled", inputSchema: NO_ARGUMENTS },
    async (_args, ctx) => {
      await once(ctx.mcpReq.signal, "abort");
      console.error("the call was cancelled");
      return text("cancelled");
    },
  );
  ask(server, "who", ["who"]);
  ask(server, "all", ["who", "model", "where"]);
  server.registerResource("hello", "file:///hello.txt", { mimeType: "text/plain" }, (uri) => ({
    contents: [{ uri: uri.href, text: "hello" }],
  }));
  return server;
}

const [, , era] = argv;
if (era === "legacy") await create().connect(new StdioServerTransport());
else serveStdio(create, { legacy: era === "modern" ? "reject" : "serve" });
