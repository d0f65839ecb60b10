// Requests that ask for a task in the place of an answer (2025-11-25, Tasks), and those who make none.
import type { Content } from "../../engine/decision.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt } from "../../message/locate.ts";

export function asksForTask({ bytes, params }: RequestEnvelope): boolean {
  return params !== undefined && rangeAt(bytes, params, ["task"]) !== undefined;
}

/** Who offers no tasks for a request answers as if none was asked for. */
export function withoutTask(content: Content): Content {
  const { params } = content;
  if (!isJsonObject(params)) return content;
  const { task: _task, ...rest } = params;
  return { ...content, params: rest };
}
