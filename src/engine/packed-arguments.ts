// Arguments of a call that come as a text with JSON in it, as some clients send lists and objects, and some servers take them.
import { mayHaveType, shapeOfSchema, typeOf, type Shape } from "../mcp/argument-shape.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import type { Content } from "./decision.ts";
import type { Facts, Surroundings } from "./facts.ts";
import { memberAt } from "./natural-body.ts";

export interface Packed {
  readonly name: string;
  readonly shape: Shape;
  readonly text: string;
}

/**
 * What stands in `content` as a text that begins like a list or an object. `certain`: the tool's schema admits no text there, so
 * that nobody can have meant one; else it admits a text as well as a list or an object, or does not say.
 */
export function packedIn(
  { kind, method }: Facts,
  { thing }: Surroundings,
  content: Content,
  which: "certain" | "possible",
): readonly Packed[] {
  if (kind !== "request" || method !== "tools/call") return NONE;
  const schema = thing?.definition["inputSchema"];
  const given = memberAt(content, ARGUMENTS);
  if (!isJsonObject(given) || !isJsonObject(schema)) return NONE;
  const packed: Packed[] = [];
  for (const [name, text] of Object.entries(given)) {
    if (typeof text !== "string" || !BEGINNING.test(text)) continue;
    const shape = structuredIn(schema).get(name);
    if (shape && mayHaveType(shape, "string") === (which === "possible")) packed.push({ name, shape, text });
  }
  return packed;
}

export function withArguments(content: Content, values: readonly (readonly [string, JsonValue])[]): Content {
  const { params } = content;
  const given = memberAt(content, ARGUMENTS);
  if (!isJsonObject(params) || !isJsonObject(given)) return content;
  return { ...content, params: { ...params, arguments: { ...given, ...Object.fromEntries(values) } } };
}

/** What a server may read in such a text; `undefined`: nothing but the text. */
export function readAs({ text }: Packed): JsonValue | undefined {
  return parsed(text) ?? parsed(text.replaceAll(BEYOND_JSON, "null"));
}

/** The value that is sent instead; `undefined`: it is none that the tool takes, or cannot be written as exactly as it stands. */
export function sentAs({ text, shape }: Packed): JsonValue | undefined {
  const value = parsed(text);
  if (value === undefined || !isShallow(value) || !isExact(value)) return undefined;
  return shape.types?.has(typeOf(value)) === true ? value : undefined;
}

/** As deep as a message may be by itself. */
export function isShallow(value: JsonValue, levels = 64): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((held: JsonValue) => isShallow(held, levels - 1));
}

const ARGUMENTS = ["params", "arguments"];
const NONE: readonly never[] = [];
/** Behind what Python and others take for blanks. */
const BEGINNING = /^[\s\p{Cf}]*[[{]/u;
/** What Python reads as numbers. */
const BEYOND_JSON = /-?\b(?:NaN|Infinity)\b/g;

const STRUCTURED = new WeakMap<JsonObject, ReadonlyMap<string, Shape>>();

/** Arguments that may be lists or objects. */
function structuredIn(schema: JsonObject): ReadonlyMap<string, Shape> {
  const known = STRUCTURED.get(schema);
  if (known !== undefined) return known;
  const members = [...shapeOfSchema(schema).members];
  const structured = new Map(
    members.filter(([, shape]) => mayHaveType(shape, "array") || mayHaveType(shape, "object")),
  );
  STRUCTURED.set(schema, structured);
  return structured;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function isExact(value: JsonValue): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}
