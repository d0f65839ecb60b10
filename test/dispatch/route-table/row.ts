// A row of the route table: who speaks, what, and what is said because of it; and the servers the rows are played with.
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import type { Said, Scene } from "../stage.ts";

export type Line = readonly [from: string, message: JsonValue, said: readonly Said[]];

export interface Row {
  readonly name: string;
  readonly scene?: Scene;
  readonly lines: readonly Line[];
}

const RENAMES = `default allow
rule short when tool * on b rename to b_*
rule prompts when prompt * on b rename to b_*`;

export const SEARCH = { name: "search", inputSchema: { type: "object" } };
export const TWO: Scene = {
  policy: RENAMES,
  servers: {
    a: { tools: [SEARCH], prompts: [{ name: "hi" }] },
    b: { tools: [SEARCH], prompts: [{ name: "hi" }] },
  },
};
export const GREETING = { uri: "file:///hello.txt", name: "hello" };
export const USERS = { uriTemplate: "db://users/{id}", name: "users" };
export const URIS: Scene = {
  servers: {
    a: { tools: [SEARCH], resources: [GREETING], resourceTemplates: [USERS] },
    b: { tools: [SEARCH], resources: [GREETING], resourceTemplates: [USERS] },
  },
};
export const LOGGERS: Scene = {
  servers: { a: { capabilities: { logging: {} } }, b: { capabilities: { logging: {} } }, c: {} },
};
export const APPS = (uri: string): JsonObject => ({
  name: "chart",
  inputSchema: { type: "object" },
  execution: { taskSupport: "optional" },
  _meta: { ui: { resourceUri: uri }, "ui/resourceUri": uri },
});

export function request(method: string, params: JsonObject, id: JsonValue = 7): JsonObject {
  return { id, method, params };
}
