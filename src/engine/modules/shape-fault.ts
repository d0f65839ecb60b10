// Whether what a module made of a message still is such a message: held against MCP's schema, where it changed.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from "../../mcp/json.ts";
import type { Shape } from "../../mcp/shape.ts";
import { alignLists } from "../../message/edits/align-lists.ts";

/**
 * The path of the first value that is not as the schema has it, such as `content[0].text`; `undefined`: all are. What
 * did not change is not looked at: what a server got wrong is not the module's fault.
 */
export function shapeFault(
  after: JsonValue,
  before: JsonValue | undefined,
  shape: Shape,
  path = "",
): string | undefined {
  if (after === before) return undefined;
  switch (shape.kind) {
    case "any":
      return undefined;
    case "text":
    case "number":
    case "boolean":
      return typeof after === TYPES[shape.kind] ? undefined : path;
    case "object":
      return isJsonObject(after) ? undefined : path;
    case "word":
      return typeof after === "string" && shape.words.includes(after) ? undefined : path;
    case "list":
      return listFault(after, before, shape.entries, path);
    case "either":
      return isJsonArray(after)
        ? listFault(after, before, shape.entries, path)
        : shapeFault(after, before, shape.entries, path);
    case "members":
      return membersFault(after, before, shape, path);
    case "variants":
      return variantFault(after, before, shape, path);
  }
}

const TYPES = { text: "string", number: "number", boolean: "boolean" } as const;

function listFault(after: JsonValue, before: JsonValue | undefined, entries: Shape, path: string): string | undefined {
  if (!isJsonArray(after)) return path;
  const old = isJsonArray(before) ? before : [];
  const origins = alignLists(old, after);
  for (const [index, value] of after.entries()) {
    const origin = origins[index] ?? -1;
    const fault = shapeFault(value, origin === -1 ? undefined : old[origin], entries, `${path}[${String(index)}]`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function membersFault(
  after: JsonValue,
  before: JsonValue | undefined,
  { members, required }: Extract<Shape, { kind: "members" }>,
  path: string,
): string | undefined {
  if (!isJsonObject(after)) return path;
  const old: JsonObject = isJsonObject(before) ? before : {};
  const below = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const missing = required.find(
    (key) => !Object.hasOwn(after, key) && (!isJsonObject(before) || Object.hasOwn(before, key)),
  );
  if (missing !== undefined) return below(missing);
  for (const [key, shape] of members) {
    const value = memberOf(after, key);
    const known = memberOf(old, key);
    const fault = value === undefined ? undefined : shapeFault(value, known, shape, below(key));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A variant that nobody knows may stay what it was; a module makes no new one. Of another variant what stood there says nothing. */
function variantFault(
  after: JsonValue,
  before: JsonValue | undefined,
  { by, variants }: Extract<Shape, { kind: "variants" }>,
  path: string,
): string | undefined {
  if (!isJsonObject(after)) return path;
  const tag = after[by];
  const isSame = isJsonObject(before) && before[by] === tag;
  const shape = typeof tag === "string" ? variants.get(tag) : undefined;
  if (shape !== undefined) return shapeFault(after, isSame ? before : undefined, shape, path);
  return isSame ? undefined : `${path}.${by}`;
}
