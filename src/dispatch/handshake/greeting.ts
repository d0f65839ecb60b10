// What the client said in `initialize`, kept to greet each server with, whenever it is up.
import type { Content } from "../../engine/decision.ts";
import type { Principal } from "../../engine/facts.ts";
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { Era } from "../../mcp/methods.ts";
import { settleRevision } from "../../mcp/revisions.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";

/** Tasks: a capability of its own in the legacy era, an extension in the modern one. */
const TASKS = "tasks";
export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

export interface Greeting {
  readonly envelope: RequestEnvelope;
  /** As it came, and as servers get it. */
  readonly before: Content;
  readonly after: Content;
  /** The protocol revision settled with the client. */
  readonly protocol: string;
  /** The client's, with the tasks of its own era only. */
  readonly capabilities: JsonObject;
}

/** `judged`: the content after the rules. `era`: the client's. `undefined`: it lacks what a handshake needs. */
export function greetingOf(
  envelope: RequestEnvelope,
  before: Content,
  judged: Content,
  era: Era,
): Greeting | undefined {
  const params = judged["params"];
  const wanted = isJsonObject(params) ? params["protocolVersion"] : undefined;
  if (!isJsonObject(params) || typeof wanted !== "string") return undefined;
  const protocol = settleRevision(wanted);
  const capabilities = passable(params["capabilities"], era);
  const after = { ...judged, params: { ...params, protocolVersion: protocol, capabilities } };
  return { envelope, before, after, protocol, capabilities };
}

/** `form`: of tasks that both sides speak; of the other one, or of none, neither hears anything. Everything else as it is. */
export function passable(capabilities: JsonValue | undefined, form: Era | undefined): JsonObject {
  if (!isJsonObject(capabilities)) return {};
  const passing = form === "legacy" ? capabilities : without(capabilities, TASKS);
  const { extensions } = passing;
  if (form === "modern" || !isJsonObject(extensions)) return passing;
  return { ...passing, extensions: without(extensions, TASKS_EXTENSION) };
}

function without(object: JsonObject, withheld: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== withheld));
}

const WITHOUT_TASKS = new WeakMap<Greeting, Greeting>();

/** For a server that has no tasks in common with the client. */
export function withoutTasks(greeting: Greeting): Greeting {
  const known = WITHOUT_TASKS.get(greeting);
  if (known !== undefined) return known;
  const { after } = greeting;
  const capabilities = passable(greeting.capabilities, undefined);
  const params = isJsonObject(after["params"]) ? after["params"] : {};
  const made = { ...greeting, after: { ...after, params: { ...params, capabilities } }, capabilities };
  WITHOUT_TASKS.set(greeting, made);
  return made;
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
