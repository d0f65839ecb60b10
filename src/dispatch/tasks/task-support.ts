// Which servers make tasks of calls (2025-11-25), and what their tools say of it.
import { isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { ServerLink } from "../peers/server-link.ts";

/** Where it is asked to; only servers that have tasks in common with the client say so. */
export function makesTasks(link: ServerLink): boolean {
  const tasks = link.capability("tasks");
  return tasks !== undefined && hasAt(tasks, ["requests", "tools", "call"]);
}

/**
 * The client was told that there are tasks, since some server makes them; at another one it would be given an answer in the
 * place of the task that the tool promises.
 */
export function withoutTaskSupport(tool: JsonObject): JsonObject {
  const { execution, ...others } = tool;
  if (!isJsonObject(execution)) return tool;
  const { taskSupport, ...rest } = execution;
  if (taskSupport === undefined || taskSupport === "forbidden") return tool;
  return Object.keys(rest).length === 0 ? others : { ...tool, execution: rest };
}

export function hasAt(value: JsonValue | undefined, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return value !== undefined;
  return isJsonObject(value) && Object.hasOwn(value, key) && hasAt(value[key], rest);
}
