// What a module gets to see of a message: the event it belongs to, its phase, and the payload (modules.md 1.1 and 1.4).
import { hasOwnEvent, interceptorEvent, type InterceptorEvent } from "../../mcp/interceptor-events.ts";
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

export interface ModuleEvent extends InterceptorEvent {
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
  const found = interceptorEvent(kind, method);
  return found && { ...found, form: formOf(kind, method) };
}

function formOf(kind: Facts["kind"], method: string): PayloadForm {
  if (kind === "error") return "error";
  if (kind !== "result") return "params";
  return hasOwnEvent(method) ? "result" : "named-result";
}

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
