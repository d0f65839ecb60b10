// What the client said in `initialize`, kept to greet each server with, whenever it is up.
import type { Content } from "../engine/decision.ts";
import type { Principal } from "../engine/facts.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { isJsonObject } from "../mcp/json.ts";
import { settleRevision } from "../mcp/revisions.ts";
import type { RequestEnvelope } from "../message/envelope.ts";

/** Servers' capabilities and a client's, which may not pass: what a task brings is not judged yet in this version. */
const WITHHELD = "tasks";
const WITHHELD_EXTENSION = "io.modelcontextprotocol/tasks";

export interface Greeting {
  readonly envelope: RequestEnvelope;
  /** As it came, and as servers get it. */
  readonly before: Content;
  readonly after: Content;
  /** The protocol revision settled with the client. */
  readonly protocol: string;
  /** The client's, without what may not pass. */
  readonly capabilities: JsonObject;
}

/** `judged`: the content after the rules. `undefined`: it lacks what a handshake needs. */
export function greetingOf(envelope: RequestEnvelope, before: Content, judged: Content): Greeting | undefined {
  const params = judged["params"];
  const wanted = isJsonObject(params) ? params["protocolVersion"] : undefined;
  if (!isJsonObject(params) || typeof wanted !== "string") return undefined;
  const protocol = settleRevision(wanted);
  const capabilities = passable(params["capabilities"]);
  const after = { ...judged, params: { ...params, protocolVersion: protocol, capabilities } };
  return { envelope, before, after, protocol, capabilities };
}

/** Without tasks, in the core or as an extension; everything else as it is. */
export function passable(capabilities: JsonValue | undefined): JsonObject {
  if (!isJsonObject(capabilities)) return {};
  const { [WITHHELD]: _tasks, ...rest } = capabilities;
  const { extensions } = rest;
  if (!isJsonObject(extensions)) return rest;
  const { [WITHHELD_EXTENSION]: _extension, ...passing } = extensions;
  return { ...rest, extensions: passing };
}

/** `clientInfo` of a handshake. */
export function infoIn({ params }: Content): JsonObject | undefined {
  const info = isJsonObject(params) ? params["clientInfo"] : undefined;
  return isJsonObject(info) ? info : undefined;
}

export function clientOf(info: JsonObject | undefined): Principal["client"] {
  if (typeof info?.["name"] !== "string") return undefined;
  const { name, version, title } = info;
  return {
    name,
    ...(typeof version === "string" ? { version } : {}),
    ...(typeof title === "string" ? { title } : {}),
  };
}
