// Client sessions that come one after the other, each with a process of one server, which says and lists what its play has.
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { hello, type Said, type Scene, Stage } from "../stage.ts";

/** What a process of the server says and lists. */
export interface Play {
  readonly capabilities?: JsonObject;
  readonly instructions?: string;
  readonly tools?: readonly JsonObject[];
  readonly prompts?: readonly JsonObject[];
  /** It is of the modern era, and says so when it is asked. */
  readonly isModern?: boolean;
  /** Methods that it answers with an error. */
  readonly refuses?: readonly string[];
  /** Methods that it does not answer. */
  readonly ignores?: readonly string[];
}

export const ECHO = { name: "echo", inputSchema: { type: "object" } };
export const CALL = { id: 7, method: "tools/call", params: { name: "echo", arguments: {} } };
export const EVE = { id: "eve", groups: [], claims: {} };

export function enter(stage: Stage, client: string, params: JsonObject = {}, user?: typeof EVE): readonly Said[] {
  stage.happen({ kind: "client-opened", client, user, profile: undefined });
  const said = stage.client(hello(params), client);
  return [...said, ...stage.client({ method: "notifications/initialized" }, client)];
}

/** The process of this client's runs, and plays its part. */
export function raise(stage: Stage, client: string, play: Play = {}, server = "a"): readonly Said[] {
  return playOn(stage, client, play, stage.happen({ kind: "server-opened", client, server }), server);
}

/** The server answers what it was asked, until it has nothing more to say. */
export function playOn(stage: Stage, client: string, play: Play, said: readonly Said[], server = "a"): readonly Said[] {
  return said.flatMap((entry) => {
    const [to, message] = entry;
    const reply = to === server && isJsonObject(message) ? replyOf(message, play) : undefined;
    if (reply === undefined) return [entry];
    return [entry, ...playOn(stage, client, play, stage.server(server, reply, client), server)];
  });
}

function replyOf({ id, method }: JsonObject, play: Play): JsonObject | undefined {
  if (id === undefined || typeof method !== "string" || play.ignores?.includes(method) === true) return undefined;
  const isUnknown = method === (play.isModern === true ? "initialize" : "server/discover");
  if (isUnknown || play.refuses?.includes(method) === true)
    return { id, error: { code: -32000, message: "not today" } };
  const result = resultOf(method, play);
  return result === undefined ? undefined : { id, result };
}

const NAMES_TOOLS = { tools: { listChanged: true } };

function resultOf(
  method: string,
  { capabilities = NAMES_TOOLS, instructions = "Be kind.", tools = [ECHO], prompts = [] }: Play,
): JsonObject | undefined {
  if (method === "initialize") return { protocolVersion: "2025-11-25", capabilities, serverInfo: {}, instructions };
  if (method === "server/discover") return { supportedVersions: ["2026-07-28"], capabilities, instructions };
  if (method === "tools/list") return { tools };
  if (method === "resources/list") return { resources: [] };
  if (method === "resources/templates/list") return { resourceTemplates: [] };
  return method === "prompts/list" ? { prompts } : undefined;
}

/** A first client `c` has come, and its server has played this. */
export function greeted(play: Play = {}, scene: Scene = {}): Stage {
  const stage = new Stage(scene);
  enter(stage, "c");
  raise(stage, "c", play);
  stage.others.length = 0;
  return stage;
}

export function toClient(said: readonly Said[]): readonly JsonValue[] {
  return said.flatMap(([to, message]) => (to === "client" ? [message] : []));
}

/** What the server was sent by this method first. */
export function sent(said: readonly Said[], method: string, server = "a"): JsonObject | undefined {
  const messages = said.flatMap(([to, message]) => (to === server && isJsonObject(message) ? [message] : []));
  return messages.find((message) => message["method"] === method);
}

export function listed(stage: Stage, client = "d", method = "tools/list"): JsonValue {
  const [answer] = toClient(stage.client({ id: 1, method }, client));
  return isJsonObject(answer) ? (answer["result"] ?? answer["error"] ?? null) : null;
}

/** The client is told that a list is another. */
export function changed(list: string): JsonObject {
  return { jsonrpc: "2.0", method: `notifications/${list}/list_changed` };
}
