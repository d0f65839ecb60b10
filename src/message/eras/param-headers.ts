// Arguments of a tool that HTTP headers say again (`x-mcp-header`, 2026-07-28): which ones, what they say, and whether they say it right.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { RequestEnvelope } from "../envelope.ts";
import { headerValue, textOfHeader } from "./header-value.ts";
import { rangeAt, rawAt } from "../locate.ts";
import type { Headers } from "./modern-headers.ts";

export interface ParamHeader {
  /** In lower case: `mcp-param-region`. */
  readonly name: string;
  /** Keys below `arguments`. */
  readonly at: readonly string[];
  readonly isInteger: boolean;
}

export type ParamHeaders =
  | { readonly kind: "declared"; readonly headers: readonly ParamHeader[] }
  /** A client over HTTP must not show the tool (2026-07-28, Streamable HTTP, Schema Extension). `reason` is one clause. */
  | { readonly kind: "invalid"; readonly reason: string };

/** A definition never changes, and is asked about with every call. */
const KNOWN = new WeakMap<JsonObject, ParamHeaders>();

/** What a tool's definition asks for. */
export function declaredBy(definition: JsonObject): ParamHeaders {
  const known = KNOWN.get(definition);
  if (known !== undefined) return known;
  const declared = readParamHeaders(definition["inputSchema"]);
  KNOWN.set(definition, declared);
  return declared;
}

/** Of a call. */
export function argumentsOf({ bytes, params }: RequestEnvelope): JsonValue | undefined {
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["arguments"]);
  return range === undefined ? undefined : (JSON.parse(rawAt(bytes, range)) as JsonValue);
}

/** `inputSchema`: of the tool, as its server gave it. */
export function readParamHeaders(inputSchema: JsonValue | undefined): ParamHeaders {
  const headers: ParamHeader[] = [];
  const reason = faultBelow(inputSchema, [], headers);
  return reason === undefined ? { kind: "declared", headers } : { kind: "invalid", reason };
}

/** What the arguments say, as headers. */
export function paramHeaders(declared: readonly ParamHeader[], args: JsonValue | undefined): Headers {
  const headers: Record<string, string> = {};
  for (const { name, at } of declared) {
    const text = textOf(valueAt(args, at));
    if (text !== undefined) headers[name] = headerValue(text);
  }
  return headers;
}

/** In which way `given` do not say what the arguments say; `undefined`: they do. Headers that nothing declares do not matter. */
export function paramHeaderFault(
  declared: readonly ParamHeader[],
  args: JsonValue | undefined,
  given: Headers,
): string | undefined {
  for (const header of declared) {
    const fault = faultOf(header, valueAt(args, header.at), given[header.name]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const PREFIX = "mcp-param-";

/** Of a header's name (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TYPES: ReadonlySet<JsonValue> = new Set(["string", "integer", "boolean"]);

/** Where a schema holds others, other than in `properties`: there an argument has no place that is always the same. */
const ELSEWHERE = [
  "items",
  "prefixItems",
  "additionalItems",
  "contains",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "propertyNames",
  "oneOf",
  "anyOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
];
const ELSEWHERE_BY_NAME = ["patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"];

/** `at`: `undefined` where no chain of `properties` leads to. */
function faultBelow(
  schema: JsonValue | undefined,
  at: readonly string[] | undefined,
  found: ParamHeader[],
): string | undefined {
  if (!isJsonObject(schema)) return undefined;
  const { "x-mcp-header": wanted, properties } = schema;
  const own = wanted === undefined ? undefined : faultOfHeader(schema, wanted, at, found);
  if (own !== undefined) return own;
  for (const [key, member] of isJsonObject(properties) ? Object.entries(properties) : []) {
    const fault = faultBelow(member, at && [...at, key], found);
    if (fault !== undefined) return fault;
  }
  for (const member of schemasElsewhere(schema)) {
    const fault = faultBelow(member, undefined, found);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfHeader(
  { type }: JsonObject,
  wanted: JsonValue,
  at: readonly string[] | undefined,
  found: ParamHeader[],
): string | undefined {
  const isHeader = typeof wanted === "string" && TOKEN.test(wanted);
  if (!isHeader) return `its \`x-mcp-header\` ${JSON.stringify(wanted)} cannot be the name of a header`;
  const name = PREFIX + wanted.toLowerCase();
  if (at === undefined || at.length === 0)
    return `its \`x-mcp-header\` "${wanted}" stands where no chain of \`properties\` leads to`;
  if (type === undefined || !TYPES.has(type))
    return `its \`x-mcp-header\` "${wanted}" is of an argument that is no string, integer or boolean`;
  if (found.some((header) => header.name === name)) return `its \`x-mcp-header\` "${wanted}" stands there twice`;
  found.push({ name, at, isInteger: type === "integer" });
  return undefined;
}

function schemasElsewhere(schema: JsonObject): readonly JsonValue[] {
  return [
    ...ELSEWHERE.flatMap((key) => {
      const held = schema[key];
      if (held === undefined) return [];
      return isJsonArray(held) ? held : [held];
    }),
    ...ELSEWHERE_BY_NAME.flatMap((key) => {
      const held = schema[key];
      return isJsonObject(held) ? Object.values(held) : [];
    }),
  ];
}

function valueAt(args: JsonValue | undefined, keys: readonly string[]): JsonValue | undefined {
  let value = args;
  for (const key of keys) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** `undefined`: nothing is said of it. Integers that a double does not hold may not be said (Schema Extension). */
function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "number") return undefined;
  const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isExact ? String(value) : undefined;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

function faultOf(
  { name, at, isInteger }: ParamHeader,
  value: JsonValue | undefined,
  given: string | undefined,
): string | undefined {
  const said = textOf(value);
  if (said === undefined) return undefined;
  const argument = `the argument \`${at.join(".")}\``;
  if (given === undefined) return `the header \`${name}\` is missing, which ${argument} must stand in`;
  const text = textOfHeader(given);
  if (text === undefined) return `the header \`${name}\` holds no text that a header may hold`;
  const isSame = isInteger && DECIMAL.test(text) ? Number(text) === value : text === said;
  return isSame ? undefined : `the header \`${name}\` and ${argument} do not say the same`;
}
