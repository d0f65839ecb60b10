// The result that `answer` sends in the server's place: an object as it is, a text as that method says a text.
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import type { Facts } from "./facts.ts";

/** `undefined`: this value answers no such request. */
export function answerResult(facts: Facts, value: JsonValue): JsonObject | undefined {
  if (isJsonObject(value)) return value;
  return typeof value === "string" ? textResult(facts, value) : undefined;
}

function textResult(facts: Facts, text: string): JsonObject | undefined {
  switch (facts.method) {
    case "tools/call":
      return { content: [{ type: "text", text }] };
    case "prompts/get":
      return { messages: [{ role: "user", content: { type: "text", text } }] };
    case "resources/read":
      return facts.name === undefined ? undefined : { contents: [{ uri: facts.name, text }] };
    case "sampling/createMessage":
      return { role: "assistant", model: "mcprules", content: { type: "text", text } };
    default:
      return undefined;
  }
}
