// A host of interceptors on the official SDKs: `v1` over stdio, `v2-legacy` and `v2-modern` likewise.
import { argv } from "node:process";
import { McpServer as OldServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport as OldTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";

const HOOKS = [{ events: ["tools/call"], phase: "request" }];
const INTERCEPTORS = [
  { name: "guard", type: "validation", hooks: HOOKS },
  { name: "stamp", type: "mutation", hooks: HOOKS },
];

function invoke({ name, phase, payload }) {
  const echo = { interceptor: name, phase };
  if (name === "guard") return { ...echo, type: "validation", valid: !JSON.stringify(payload).includes("forbidden") };
  const { params } = payload;
  const stamped = { ...payload, params: { ...params, arguments: { ...params.arguments, stamp: "x" } } };
  return { ...echo, type: "mutation", modified: true, payload: stamped };
}

const INFO = { name: "host", version: "1.0.0" };

function create() {
  const { server } = new McpServer(INFO, { capabilities: {} });
  const anything = z.looseObject({});
  server.setRequestHandler("interceptors/list", { params: anything }, () => ({ interceptors: INTERCEPTORS }));
  server.setRequestHandler("interceptor/invoke", { params: anything }, (params) => invoke(params));
  return server;
}

if (argv[2] === "v1") {
  const { server } = new OldServer(INFO, { capabilities: {} });
  const request = (method) => z.object({ method: z.literal(method), params: z.looseObject({}).optional() });
  server.setRequestHandler(request("interceptors/list"), () => ({ interceptors: INTERCEPTORS }));
  server.setRequestHandler(request("interceptor/invoke"), ({ params }) => invoke(params));
  await server.connect(new OldTransport());
} else if (argv[2] === "v2-legacy") await create().connect(new StdioServerTransport());
else serveStdio(create, { legacy: "reject" });
