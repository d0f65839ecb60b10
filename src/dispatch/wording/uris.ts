// The URIs of resources inside results: found, and put in other words.
import type { Content } from "../../engine/decision.ts";
import { isJsonArray, isJsonObject, type JsonObject, memberOf } from "../../mcp/json.ts";

type Change = (uri: string) => string;

/**
 * In `contents` of `resources/read`, `content` of `tools/call` and `messages[].content` of `prompts/get`: the URIs of
 * contents, links and embedded resources. The same object when nothing changes.
 */
export function withUris(content: Content, change: Change): Content {
  return within(content, "result", (result) => {
    const read = eachWithin(result, "contents", (entry) => withUri(entry, change));
    const called = eachWithin(read, "content", (block) => withBlock(block, change));
    return eachWithin(called, "messages", (message) => within(message, "content", (block) => withBlock(block, change)));
  });
}

/** The URI of its user interface (MCP Apps, SEP-1865), which a tool has under two keys. */
export function withInterfaceUri(tool: JsonObject, change: Change): JsonObject {
  return within(tool, "_meta", (meta) => {
    const nested = within(meta, "ui", (ui) => withText(ui, "resourceUri", change));
    return withText(nested, "ui/resourceUri", change);
  });
}

/** Every URI that a result of `tools/call` or `prompts/get` hands out. */
export function urisIn(content: Content): readonly string[] {
  const found: string[] = [];
  withUris(content, (uri) => {
    found.push(uri);
    return uri;
  });
  return found;
}

function withBlock(block: JsonObject, change: Change): JsonObject {
  if (block["type"] === "resource_link") return withUri(block, change);
  if (block["type"] === "resource") return within(block, "resource", (resource) => withUri(resource, change));
  return block;
}

function withUri(object: JsonObject, change: Change): JsonObject {
  return withText(object, "uri", change);
}

function withText(object: JsonObject, key: string, change: Change): JsonObject {
  const value = memberOf(object, key);
  if (typeof value !== "string") return object;
  const changed = change(value);
  return changed === value ? object : { ...object, [key]: changed };
}

function within(object: JsonObject, key: string, change: (inner: JsonObject) => JsonObject): JsonObject {
  const inner = memberOf(object, key);
  if (!isJsonObject(inner)) return object;
  const changed = change(inner);
  return changed === inner ? object : { ...object, [key]: changed };
}

function eachWithin(object: JsonObject, key: string, change: (entry: JsonObject) => JsonObject): JsonObject {
  const list = memberOf(object, key);
  if (!isJsonArray(list)) return object;
  const changed = list.map((entry) => (isJsonObject(entry) ? change(entry) : entry));
  return changed.every((entry, index) => entry === list[index]) ? object : { ...object, [key]: changed };
}
