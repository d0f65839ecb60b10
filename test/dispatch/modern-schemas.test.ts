// What modern clients get is what the official schemas of their SDK take, whichever era the servers are of.
import {
  CallToolResultSchema,
  DiscoverResultSchema,
  GetPromptResultSchema,
  JSONRPCErrorResponseSchema,
  JSONRPCResultResponseSchema,
  ListPromptsResultSchema,
  ListResourcesResultSchema,
  ListResourceTemplatesResultSchema,
  ListToolsResultSchema,
  ReadResourceResultSchema,
} from "@modelcontextprotocol/core";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";
import { modern, type ServerScript, Stage } from "./stage.ts";

const THINGS: ServerScript = {
  tools: [{ name: "echo", inputSchema: { type: "object" } }],
  prompts: [{ name: "greet" }],
  resources: [{ uri: "file:///x", name: "x" }],
  resourceTemplates: [{ uriTemplate: "db://{id}", name: "rows" }],
};
const SERVERS = { old: THINGS, new: { ...THINGS, era: "modern" as const } };

interface Schema {
  readonly safeParse: (value: unknown) => { readonly success: boolean };
}

/** What the client hears at last; servers answer with `reply`. */
function heard(stage: Stage, method: string, params: JsonObject, reply: JsonObject): JsonObject {
  const said = stage.client(modern(1, method, params));
  const all = said.flatMap(([to, message]): readonly (readonly [string, JsonValue])[] => {
    const id = isJsonObject(message) ? message["id"] : undefined;
    return to === "client" || id === undefined ? [[to, message]] : stage.server(to, { id, ...reply });
  });
  return { jsonrpc: "2.0", ...(all.find(([to]) => to === "client")?.[1] as JsonObject) };
}

const CONTENT = [{ type: "text", text: "t" }];
const CASES: readonly (readonly [method: string, params: JsonObject, result: JsonObject, schema: Schema])[] = [
  ["server/discover", {}, {}, DiscoverResultSchema],
  ["tools/list", {}, {}, ListToolsResultSchema],
  ["prompts/list", {}, {}, ListPromptsResultSchema],
  ["resources/list", {}, {}, ListResourcesResultSchema],
  ["resources/templates/list", {}, {}, ListResourceTemplatesResultSchema],
  ["tools/call", { name: "echo", arguments: {} }, { content: CONTENT }, CallToolResultSchema],
  ["tools/call", { name: "new__echo", arguments: {} }, { content: CONTENT }, CallToolResultSchema],
  ["prompts/get", { name: "greet" }, { messages: [] }, GetPromptResultSchema],
  ["resources/read", { uri: "file:///x" }, { contents: [] }, ReadResourceResultSchema],
  [
    "resources/read",
    { uri: "new+file:///x" },
    { contents: [], ttlMs: 5, cacheScope: "public" },
    ReadResourceResultSchema,
  ],
];
/** Those that say how long they may be kept, and by whom (2026-07-28, Caching). */
const CACHEABLE = /^(?:server\/discover|resources\/read|.*\/list)$/;

describe("a modern client", () => {
  test.each(CASES)("gets %s %j as the schema has it", (method, params, result, schema) => {
    const message = heard(Stage.modern({ servers: SERVERS }), method, params, { result });
    expect(JSONRPCResultResponseSchema.safeParse(message)).toMatchObject({ success: true });
    expect(schema.safeParse(message["result"])).toMatchObject({ success: true });
    expect(message["result"]).toMatchObject({
      resultType: "complete",
      _meta: { "io.modelcontextprotocol/serverInfo": {} },
    });
    const hints = Object.keys(message["result"] as JsonObject).filter((key) => key === "ttlMs" || key === "cacheScope");
    expect(hints).toHaveLength(CACHEABLE.test(method) ? 2 : 0);
  });

  test.each([
    ["an unknown resource", "resources/read", { uri: "x://" }, { error: { code: -32002, message: "m" } }],
    ["an unknown tool", "tools/call", { name: "nobody" }, {}],
    ["a method of the legacy era", "ping", {}, {}],
  ])("gets an error for %s with a code that its era knows", (_what, method, params: JsonObject, reply: JsonObject) => {
    const message = heard(Stage.modern({ servers: SERVERS }), method, params, reply);
    expect(JSONRPCErrorResponseSchema.safeParse(message)).toMatchObject({ success: true });
    const { code } = message["error"] as { readonly code: number };
    expect([-32601, -32602]).toContain(code);
  });
});
