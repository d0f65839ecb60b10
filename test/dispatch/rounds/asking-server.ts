// A modern server that wants to know something before it goes on: what it asks, what it is told, and what it says in the end.
import type { JsonObject } from "../../../src/mcp/json.ts";
import type { Said } from "../stage.ts";

export const SERVERS = { a: { era: "modern" as const } };
export const CALL = { name: "echo", arguments: { n: 1 } };
export const FORM = { method: "elicitation/create", params: { mode: "form", message: "Who?", requestedSchema: {} } };
export const SAMPLE = { method: "sampling/createMessage", params: { messages: [], maxTokens: 5 } };
export const ROOTS = { method: "roots/list" };
export const STATE = "the server's \u00e9tat";
export const ACCEPTED = { action: "accept", content: { name: "Ada", big: 1 } };
export const SAMPLED = { role: "assistant", model: "m", content: { type: "text", text: "t" } };
export const DONE = { content: [{ type: "text", text: "done" }] };

export function asks(inputRequests: JsonObject, more: JsonObject = {}): JsonObject {
  return { resultType: "input_required", inputRequests, requestState: STATE, ...more };
}

export function paramsOf(said: readonly Said[], to: string): JsonObject {
  const message = said.find(([peer]) => peer === to)?.[1] as JsonObject | undefined;
  return (message?.["params"] ?? {}) as JsonObject;
}
