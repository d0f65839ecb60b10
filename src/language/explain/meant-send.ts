// A step that sends a message's whole `params`, where the name or URI comes first, and the arguments behind it.
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { isKeyword } from "../words.ts";

/** `step`: as it is written, `send tools/call`; `key`: the field that a name or URI stands in. */
export function helpForSend(step: string, key: string, body: JsonValue | undefined): string {
  const name = isJsonObject(body) ? body[key] : undefined;
  if (!isJsonObject(body) || typeof name !== "string") return `the ${key} stands behind the method: \`${step} "…"\``;
  const { [key]: _, arguments: given, ...others } = body;
  const rest = { ...(isJsonObject(given) ? given : {}), ...others };
  const isWord = /^[A-Za-z_][\w-]*$/.test(name) && !isKeyword(name);
  const parts = [
    step,
    isWord ? name : JSON.stringify(name),
    ...(Object.keys(rest).length > 0 ? [JSON.stringify(rest)] : []),
  ];
  return `the ${key} comes first, and the arguments behind it: \`${parts.join(" ")}\``;
}
