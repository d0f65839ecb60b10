// Arguments of a call that come as a text with JSON in it, as some clients send lists and objects, and some servers take them.
import { mayHaveType, shapeOfSchema, typeOf, type Shape } from "../mcp/argument-shape.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";

export interface Packed {
  readonly name: string;
  readonly shape: Shape;
  readonly text: string;
  /** The tool's schema admits no text there, so that nobody can have meant one; else a text may be meant, or anything. */
  readonly isCertain: boolean;
}

/** Those that begin like a list or an object. `schema`: of all the arguments, as far as it is known. */
export function packedIn(given: JsonValue | undefined, schema: JsonValue | undefined): readonly Packed[] {
  if (!isJsonObject(given)) return NONE;
  const packed: Packed[] = [];
  for (const [name, text] of Object.entries(given)) {
    if (typeof text !== "string" || !BEGINNING.test(text)) continue;
    const shape = shapesIn(schema).get(name) ?? UNKNOWN;
    if (!mayHaveType(shape, "array") && !mayHaveType(shape, "object")) continue;
    packed.push({ name, shape, text, isCertain: !mayHaveType(shape, "string") });
  }
  return packed;
}

/** What a server may read in such a text; `undefined`: nothing but the text. */
export function readAs({ text }: Packed): JsonValue | undefined {
  return parsed(text) ?? (BEYOND_JSON.test(text) ? parsed(text.replaceAll(TOKENS, asJson)) : undefined);
}

/** The value that is sent instead; `undefined`: it is none that the tool takes, or would not be sent as it stands. */
export function sentAs({ text, shape }: Packed): JsonValue | undefined {
  const value = parsed(text);
  if (value === undefined || !isShallow(value) || !isExact(text)) return undefined;
  return shape.types?.has(typeOf(value)) === true ? value : undefined;
}

/** As deep as a message may be, where the settings do not say otherwise. */
const DEEPEST = 512;

export function isShallow(value: JsonValue, levels = DEEPEST): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((held: JsonValue) => isShallow(held, levels - 1));
}

const NONE: readonly never[] = [];
const UNKNOWN = shapeOfSchema(undefined);
/** Behind what Python and others take for blanks. */
const BEGINNING = /^[\s\p{Cf}]*[[{]/u;
/** What Python's `json` takes for numbers. */
const BEYOND_JSON = /NaN|Infinity/;
/** Texts, whole, also one that does not end; and what stands for numbers between them. */
const TOKENS = /"(?:[^"\\]|\\[^])*\\?(?:"|$)|NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

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

function asJson(token: string): string {
  return BEYOND_JSON.test(token) && !token.startsWith('"') ? "null" : token;
}

/** Numbers that JavaScript writes as they stand, but for their spelling. */
function isExact(text: string): boolean {
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith('"')) continue;
    const digits = token.replace(/[eE].*$/, "").replaceAll(/^-?[0.]*|\./g, "");
    const isSure = digits.length <= SURE_DIGITS || (INTEGER.test(token) && Number.isSafeInteger(Number(token)));
    if (!isSure || !Number.isFinite(Number(token))) return false;
  }
  return true;
}

/** A decimal number of so many digits is told from all others by what JavaScript makes of it (IEEE 754, binary64). */
const SURE_DIGITS = 15;
const INTEGER = /^-?\d+$/;
