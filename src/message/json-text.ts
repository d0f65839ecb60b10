// JSON values as text that gives the same values when it is parsed again.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";

/** A number too large for a double was read as infinite; JSON.stringify would turn it into `null`. */
const INFINITE = "1e999";

export function jsonText(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.includes("null") ? exactText(value) : text;
}

function exactText(value: JsonValue): string {
  if (typeof value === "number" && !Number.isFinite(value)) return value < 0 ? `-${INFINITE}` : INFINITE;
  if (isJsonArray(value)) return `[${value.map(exactText).join(",")}]`;
  if (isJsonObject(value)) return `{${memberTexts(value).join(",")}}`;
  return JSON.stringify(value);
}

function memberTexts(object: JsonObject): readonly string[] {
  return Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}:${exactText(value)}`);
}
