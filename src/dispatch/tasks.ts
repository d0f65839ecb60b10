// Tasks, which do not exist here yet: what they bring would not be judged, so nobody is asked for one.
import type { Content } from "../engine/decision.ts";
import { isJsonObject } from "../mcp/json.ts";
import type { RequestEnvelope } from "../message/envelope.ts";
import { rangeAt } from "../message/locate.ts";

/**
 * A receiver that offers no tasks answers as if none was asked for (2025-11-25, Tasks); the one behind the proxy may
 * offer them, so it must not see the wish.
 */
export function asksForTask({ bytes, params }: RequestEnvelope): boolean {
  return params !== undefined && rangeAt(bytes, params, ["task"]) !== undefined;
}

export function withoutTask(content: Content): Content {
  const { params } = content;
  if (!isJsonObject(params)) return content;
  const { task: _task, ...rest } = params;
  return { ...content, params: rest };
}
