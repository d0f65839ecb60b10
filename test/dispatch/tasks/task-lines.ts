// What is said about tasks of the modern era, on both sides of the proxy.
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { modern, type Said, type Scene, Stage } from "../stage.ts";

export const EXTENSION = "io.modelcontextprotocol/tasks";
export const extensions = { [EXTENSION]: {} };
const KNOWING = { "io.modelcontextprotocol/clientCapabilities": { elicitation: {}, sampling: {}, extensions } };
export const MAKER = { era: "modern" as const, capabilities: { extensions } };
export const WORKING = { status: "working", createdAt: "x", lastUpdatedAt: "x", ttlMs: null, extra: "kept" };
export const DONE = { resultType: "complete", content: [{ type: "text", text: "done" }] };
export const FORM = { method: "elicitation/create", params: { mode: "form", message: "Who?", requestedSchema: {} } };
export const OTHER = {
  method: "elicitation/create",
  params: { mode: "form", message: "Secret?", requestedSchema: {} },
};

export function opened(policy?: string, more: Partial<Scene> = {}): Stage {
  const scene = { servers: { a: MAKER }, ...more, ...(policy === undefined ? {} : { policy }) };
  return Stage.modern(scene);
}

export function ask(id: JsonValue, method: string, params: JsonObject): JsonObject {
  return modern(id, method, params, KNOWING);
}

export function bodyOf(said: readonly Said[], to = "client"): JsonObject {
  const message = said.find(([peer]) => peer === to)?.[1] as JsonObject | undefined;
  return (message?.["result"] ?? message?.["params"] ?? message?.["error"] ?? {}) as JsonObject;
}

/** What the client knows the task by. */
export function made(stage: Stage, call = "$1"): string {
  stage.client(ask("call", "tools/call", { name: "echo", arguments: { n: "1" } }));
  const said = stage.server("a", { id: call, result: { resultType: "task", taskId: "t", ...WORKING } });
  return bodyOf(said)["taskId"] as string;
}

/** What a poll shows the client. */
export function shown(stage: Stage, task: string, state: JsonObject, at = "$2"): JsonObject {
  stage.client(ask("get", "tasks/get", { taskId: task }));
  return bodyOf(stage.server("a", { id: at, result: { resultType: "complete", taskId: "t", ...WORKING, ...state } }));
}
