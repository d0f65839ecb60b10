// A call of a tool, as a client sends it.
import type { JsonObject, JsonValue } from "../src/mcp/json.ts";

/** `more`: another name, and what else is among its params. */
export function call(id: JsonValue, args: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return { id, method: "tools/call", params: { name: "echo", arguments: args, ...more } };
}
