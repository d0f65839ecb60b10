// Whether JSON is like a sketch of it: objects may hold more, lists may not, `{"contains": …}` looks into a text.
import { isJsonArray, isJsonObject, type JsonValue } from "../../src/mcp/json.ts";

/** Where the value is unlike the sketch, in words; nothing when it is like it. */
export function unlikeness(value: JsonValue | undefined, sketch: JsonValue, path = ""): readonly string[] {
  if (isJsonObject(sketch)) return unlikeObject(value, sketch, path);
  if (isJsonArray(sketch)) {
    if (!isJsonArray(value) || value.length !== sketch.length) return [say(path, value, sketch)];
    return sketch.flatMap((entry, index) => unlikeness(value[index], entry, `${path}[${index}]`));
  }
  return value === sketch ? [] : [say(path, value, sketch)];
}

function unlikeObject(
  value: JsonValue | undefined,
  sketch: Readonly<Record<string, JsonValue>>,
  path: string,
): readonly string[] {
  const { contains, lacks, ...members } = sketch;
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  const found = [
    ...(typeof contains === "string" && !text.includes(contains) ? [say(path, value, sketch)] : []),
    ...(typeof lacks === "string" && text.includes(lacks) ? [say(path, value, sketch)] : []),
  ];
  const keys = Object.keys(members);
  if (keys.length > 0 && !isJsonObject(value)) return [...found, say(path, value, sketch)];
  const own = isJsonObject(value) ? value : {};
  return [...found, ...keys.flatMap((key) => unlikeness(own[key], members[key] ?? null, `${path}.${key}`))];
}

function say(path: string, value: JsonValue | undefined, sketch: JsonValue): string {
  return `${path || "."}: ${JSON.stringify(value)} is not like ${JSON.stringify(sketch)}`;
}
