// What a module gets to see of a message: the event it belongs to, its phase, and the payload (modules.md 1.1 and 1.4).
import { isJsonObject, type JsonObject } from "../../mcp/json.ts";
import type { Content } from "../decision.ts";
import type { Facts } from "../facts.ts";

export interface ModuleView {
  readonly event: string;
  readonly phase: "request" | "response";
  readonly payload: JsonObject;
}

/** How the payload is made of the message: the result as it is, or under the name of its method. */
export type PayloadForm = "params" | "result" | "named-result" | "error";

export interface ModuleEvent {
  readonly event: string;
  readonly phase: "request" | "response";
  readonly form: PayloadForm;
}

/**
 * `content`: as it may leave, which is with everything masked that the policy masks. `undefined`: no module hears of such
 * messages (`ping`, what keeps the connection alive), whatever rule names them.
 */
export function moduleMessage(facts: Facts, content: Content): ModuleView | undefined {
  const found = moduleEvent(facts);
  return found && { event: found.event, phase: found.phase, payload: payloadOf(facts, content, found.form) };
}

/** By what identifies the message alone. */
export function moduleEvent({ kind, method }: Pick<Facts, "kind" | "method">): ModuleEvent | undefined {
  if (UNHEARD.has(method)) return undefined;
  if (kind === "notification") return { event: "mcprules/notification", phase: "request", form: "params" };
  if (kind === "error") return { event: "mcprules/error", phase: "response", form: "error" };
  const phase = kind === "request" ? "request" : "response";
  if (CORE.has(method)) return { event: method, phase, form: kind === "request" ? "params" : "result" };
  const event = HANDSHAKES.has(method) ? "mcprules/initialize" : "mcprules/request";
  return { event, phase, form: kind === "request" ? "params" : "named-result" };
}

/** Events of the specification of interceptors, by the methods they are of; the list of templates under its own name. */
const CORE: ReadonlySet<string> = new Set([
  "tools/list",
  "tools/call",
  "prompts/list",
  "prompts/get",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "resources/subscribe",
  "sampling/createMessage",
  "elicitation/create",
  "roots/list",
]);
const HANDSHAKES: ReadonlySet<string> = new Set(["initialize", "server/discover"]);
const UNHEARD: ReadonlySet<string> = new Set(["ping", "notifications/cancelled", "notifications/initialized"]);

function payloadOf({ method }: Facts, content: Content, form: PayloadForm): JsonObject {
  const { params, result, error } = content;
  switch (form) {
    case "params":
      return params === undefined ? { method } : { method, params };
    case "result":
      return isJsonObject(result) ? result : {};
    case "named-result":
      return { method, result: result ?? {} };
    case "error":
      return { method, error: error ?? {} };
  }
}
