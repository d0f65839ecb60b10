// What is known of the arguments of a tool or a prompt from its definition: their names, types and the values they may have.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from "./json.ts";
import { isSameJson } from "./same-json.ts";

export type JsonType = "string" | "number" | "boolean" | "null" | "object" | "array";

/** Whatever is `undefined` here is not known. */
export interface Shape {
  readonly types: ReadonlySet<JsonType> | undefined;
  /** No other value is admitted. */
  readonly values: readonly JsonValue[] | undefined;
  readonly members: ReadonlyMap<string, Shape>;
  /** Other members may come too. */
  readonly isOpen: boolean;
  readonly entries: Shape | undefined;
}

/** Anything at all. */
const ANY: Shape = { types: undefined, values: undefined, members: new Map(), isOpen: true, entries: undefined };

/** Of a JSON Schema, as far as it speaks plainly; the rest is not known, and never guessed. Nothing is fetched. */
export function shapeOfSchema(schema: JsonValue | undefined): Shape {
  return isJsonObject(schema) ? shapeOf(schema, { root: schema, depth: 0, spent: { schemas: 0 } }) : ANY;
}

/** Those of a prompt are texts. */
export function shapeOfPrompt({ arguments: written = [] }: JsonObject): Shape {
  const names = isJsonArray(written) ? written.flatMap((one) => (isJsonObject(one) ? (one["name"] ?? []) : [])) : [];
  const members = new Map(names.flatMap((name) => (typeof name === "string" ? [[name, TEXT] as const] : [])));
  return { ...ANY, types: new Set(["object"]), members, isOpen: false };
}

export type Found =
  | { readonly kind: "shape"; readonly shape: Shape }
  /** `known`: what there is instead of `key`. */
  | { readonly kind: "missing"; readonly key: string; readonly known: readonly string[] };

/** Of a path. */
type Step = { readonly kind: "member"; readonly key: string } | { readonly kind: "index" | "every" };

/** Where a path through the arguments leads. */
export function shapeAt(shape: Shape, steps: readonly Step[]): Found {
  let at = shape;
  for (const step of steps) {
    const next = stepInto(at, step);
    if (next === undefined) {
      const key = step.kind === "member" ? step.key : "[…]";
      return { kind: "missing", key, known: [...at.members.keys()] };
    }
    at = next;
  }
  return { kind: "shape", shape: at };
}

/** What a condition is asked of: of a list, each of its entries. */
export function askedOf(shape: Shape): Shape {
  const { types, entries = ANY } = shape;
  if (types?.has("array") !== true) return shape;
  return types.size === 1 ? askedOf(entries) : ANY;
}

/** False only if it is certain that a value of this shape is never this one. */
export function mayBe(shape: Shape, value: JsonValue): boolean {
  return mayHaveType(shape, typeOf(value)) && (shape.values?.some((one) => isSameJson(one, value)) ?? true);
}

export function mayHaveType({ types }: Shape, type: JsonType): boolean {
  return types?.has(type) ?? true;
}

export function typeOf(value: JsonValue): JsonType {
  if (value === null) return "null";
  if (isJsonArray(value)) return "array";
  if (isJsonObject(value)) return "object";
  if (typeof value === "string") return "string";
  return typeof value === "number" ? "number" : "boolean";
}

const TEXT: Shape = { ...ANY, types: new Set(["string"]), isOpen: false };

interface Context {
  readonly root: JsonObject;
  /** Of references and combinations; a schema may refer to itself. */
  readonly depth: number;
  /** Of them all. */
  readonly spent: { schemas: number };
}

const DEEPEST = 12;
/** Parts of one schema that are read; of references in a circle each part would be read many times over. */
const MOST_SCHEMAS = 10_000;

/** Keywords by which a schema says more than is read here. */
const BEYOND = [
  "if",
  "then",
  "else",
  "not",
  "dependentSchemas",
  "patternProperties",
  "unevaluatedProperties",
  "nullable",
];

function shapeOf(schema: JsonObject, context: Context): Shape {
  context.spent.schemas += 1;
  if (context.depth > DEEPEST || context.spent.schemas > MOST_SCHEMAS) return ANY;
  const parts = [ownShape(schema, context), ...referred(schema, context), ...combined(schema, context)];
  return parts.reduce(both);
}

/** Without what it is combined with. */
function ownShape(schema: JsonObject, context: Context): Shape {
  const { properties, additionalProperties, items, enum: listed } = schema;
  const inner = { ...context, depth: context.depth + 1 };
  const members = isJsonObject(properties)
    ? Object.entries(properties).map(([key, part]) => [key, subShape(part, inner)] as const)
    : [];
  const isClosed = additionalProperties === false || (isJsonObject(properties) && additionalProperties === undefined);
  const { const: only } = schema;
  const choices = isJsonArray(listed) ? listed : undefined;
  const values = only === undefined ? choices : [only];
  return {
    types: typesOf(schema) ?? (values && new Set(values.map(typeOf))),
    values,
    members: new Map(members),
    isOpen: !isClosed || BEYOND.some((keyword) => schema[keyword] !== undefined),
    entries: isJsonObject(items) ? subShape(items, inner) : undefined,
  };
}

function subShape(part: JsonValue, context: Context): Shape {
  return isJsonObject(part) ? shapeOf(part, context) : ANY;
}

function typesOf({ type, nullable }: JsonObject): ReadonlySet<JsonType> | undefined {
  const names = isJsonArray(type) ? type : [type ?? null];
  const types = names.map((name) => TYPES.get(name));
  if (nullable !== undefined || types.includes(undefined)) return undefined;
  return new Set(types.filter((one) => one !== undefined));
}

const TYPES: ReadonlyMap<JsonValue, JsonType> = new Map<JsonValue, JsonType>([
  ["string", "string"],
  ["number", "number"],
  ["integer", "number"],
  ["boolean", "boolean"],
  ["null", "null"],
  ["object", "object"],
  ["array", "array"],
]);

function referred(schema: JsonObject, context: Context): readonly Shape[] {
  const { $ref, $dynamicRef } = schema;
  if ($ref === undefined && $dynamicRef === undefined) return [];
  if (typeof $ref !== "string" || !$ref.startsWith("#/")) return [ANY];
  let found: JsonValue | undefined = context.root;
  for (const part of $ref.slice(2).split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    found = memberOf(found, key);
  }
  return [isJsonObject(found) ? shapeOf(found, { ...context, depth: context.depth + 1 }) : ANY];
}

function combined({ allOf, anyOf, oneOf }: JsonObject, context: Context): readonly Shape[] {
  const inner = { ...context, depth: context.depth + 1 };
  const shapesOf = (parts: JsonValue | undefined): readonly Shape[] =>
    isJsonArray(parts) ? parts.map((part) => subShape(part, inner)) : [];
  const choices = [shapesOf(anyOf), shapesOf(oneOf)].filter((shapes) => shapes.length > 0);
  return [...shapesOf(allOf), ...choices.map((shapes) => shapes.reduce(either))];
}

/** Of a value that has both shapes. A name that one of them knows is a name, whatever the other says. */
function both(one: Shape, other: Shape): Shape {
  return {
    types: intersected(one.types, other.types),
    values: one.values ?? other.values,
    members: joined(one, other, (mine, its) => (mine && its ? both(mine, its) : (mine ?? its ?? ANY))),
    isOpen: one.isOpen && other.isOpen,
    entries: one.entries ?? other.entries,
  };
}

/** Of a value that has one of the shapes. */
function either(one: Shape, other: Shape): Shape {
  if (one === ANY || other === ANY) return ANY;
  const entries = [stepInto(one, EVERY), stepInto(other, EVERY)].filter((shape) => shape !== undefined);
  return {
    types: one.types && other.types && new Set([...one.types, ...other.types]),
    values: one.values && other.values && [...one.values, ...other.values],
    members: joined(one, other, (mine, its) => {
      if (mine && its) return either(mine, its);
      return mayHaveMore(mine ? other : one) ? ANY : (mine ?? its ?? ANY);
    }),
    isOpen: mayHaveMore(one) || mayHaveMore(other),
    entries: entries.length === 0 ? undefined : entries.reduce(either),
  };
}

const EVERY: Step = { kind: "every" };

/** What is no object at all brings no members. */
function mayHaveMore(shape: Shape): boolean {
  return shape.isOpen && mayHaveType(shape, "object");
}

function intersected(
  one: ReadonlySet<JsonType> | undefined,
  other: ReadonlySet<JsonType> | undefined,
): ReadonlySet<JsonType> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const types = [...one].filter((type) => other.has(type));
  return types.length === 0 ? undefined : new Set(types);
}

function joined(
  { members: ours }: Shape,
  { members: theirs }: Shape,
  join: (mine: Shape | undefined, its: Shape | undefined) => Shape,
): ReadonlyMap<string, Shape> {
  const keys = new Set([...ours.keys(), ...theirs.keys()]);
  return new Map([...keys].map((key) => [key, join(ours.get(key), theirs.get(key))]));
}

/** `undefined`: it certainly leads nowhere. */
function stepInto(shape: Shape, step: Step): Shape | undefined {
  if (step.kind !== "member") return mayHaveType(shape, "array") ? (shape.entries ?? ANY) : undefined;
  if (!mayHaveType(shape, "object")) return undefined;
  return shape.members.get(step.key) ?? (shape.isOpen ? ANY : undefined);
}
