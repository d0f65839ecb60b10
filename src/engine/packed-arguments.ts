// Arguments of a call that come as a text with JSON in it, as some clients send lists and objects, and some servers take them.
import { mayHaveType, shapeOfSchema, typeOf, type Shape } from "../mcp/argument-shape.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import { depthOf, isWrittenAlike, withoutBeyond } from "./loose-json.ts";

export interface Packed {
  readonly name: string;
  readonly shape: Shape;
  readonly text: string;
  /** The tool's schema admits no text there, so that nobody can have meant one; else a text may be meant, or anything. */
  readonly isCertain: boolean;
  /** It is too deep to be looked into. */
  readonly isDeep: boolean;
}

/** Those that begin like a list or an object, and null. `schema`: of all the arguments, as far as it is known. */
export function packedIn(given: JsonValue | undefined, schema: JsonValue | undefined): readonly Packed[] {
  if (!isJsonObject(given)) return NONE;
  const packed: Packed[] = [];
  for (const [name, text] of Object.entries(given)) {
    if (typeof text !== "string" || !BEGINNING.test(text)) continue;
    const shape = shapesIn(schema).get(name) ?? UNKNOWN;
    if (![...PACKED_TYPES].some((type) => mayHaveType(shape, type))) continue;
    packed.push({ name, shape, text, isCertain: !mayHaveType(shape, "string"), isDeep: depthOf(text) > DEEPEST });
  }
  return packed;
}

/** What a server may read in such a text; `undefined`: nothing but the text. */
export function readAs({ text, shape, isDeep }: Packed): JsonValue | undefined {
  const value = isDeep ? undefined : (parsed(text) ?? parsed(withoutBeyond(text)));
  return value !== undefined && isMeant(value, shape) ? value : undefined;
}

/** The value that is sent instead; `undefined`: it is none that the tool takes, or would not be sent as it stands. */
export function sentAs({ text, shape, isDeep }: Packed): JsonValue | undefined {
  const value = isDeep || !isWrittenAlike(text) ? undefined : parsed(text);
  return value !== undefined && isMeant(value, shape) ? value : undefined;
}

const NONE: readonly never[] = [];
const UNKNOWN = shapeOfSchema(undefined);
const PACKED_TYPES = ["array", "object", "null"] as const;
/** Behind what Python and others take for blanks. */
const BEGINNING = /^[\s\p{Cf}]*(?:[[{]|null[\s\p{Cf}]*$)/u;
/** As deep as a message may be, where the settings do not say otherwise. */
const DEEPEST = 512;

/** Servers leave numbers and truth values in texts as they are, or the rules are in doubt of them anyway. */
function isMeant(value: JsonValue, shape: Shape): boolean {
  return typeof value === "object" && mayHaveType(shape, typeOf(value));
}

const SHAPES = new WeakMap<JsonObject, ReadonlyMap<string, Shape>>();

function shapesIn(schema: JsonValue | undefined): ReadonlyMap<string, Shape> {
  if (!isJsonObject(schema)) return UNKNOWN.members;
  const known = SHAPES.get(schema);
  if (known !== undefined) return known;
  const { members } = shapeOfSchema(schema);
  SHAPES.set(schema, members);
  return members;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
