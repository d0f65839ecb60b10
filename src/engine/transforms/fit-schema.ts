// JSONata gives one item where a list of one is meant, and nothing where an empty list is: put right by MCP's schema.
import type { Step } from "../../expression/path.ts";
import { fieldsOf, fieldsOfThing, type FieldTree } from "../../mcp/fields.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from "../../mcp/json.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import type { Facts } from "../facts.ts";

/** What MCP's schema knows of the value at `steps` in the content; `undefined`: nothing. */
export function fieldsAt(facts: Facts, steps: readonly Step[]): FieldTree | undefined {
  const phase = facts.kind === "notification" ? "request" : facts.kind;
  return below(fieldsOf(facts.method, phase), steps.slice(1));
}

export function fieldsOfDefinition(kind: ListedKind, steps: readonly Step[]): FieldTree | undefined {
  return below(fieldsOfThing(kind), steps);
}

/** `before`: what stood there; a list in it that is gone now is an empty one. `undefined` out: nothing came of it. */
export function fitted(
  value: JsonValue | undefined,
  fields: FieldTree | undefined,
  before: JsonValue | undefined,
): JsonValue | undefined {
  if (!fields) return value;
  if (fields.entries) return fittedList(value, fields.entries);
  if (value === undefined || !fields.members || !isJsonObject(value)) return value;
  return fittedObject(value, fields.members, isJsonObject(before) ? before : {});
}

function fittedList(value: JsonValue | undefined, entries: FieldTree): JsonValue {
  if (value === undefined) return [];
  const list = isJsonArray(value) ? value : [value];
  const fit = list.map((entry) => fitted(entry, entries, undefined) ?? entry);
  return value === list && fit.every((entry, index) => entry === list[index]) ? value : fit;
}

function fittedObject(value: JsonObject, members: ReadonlyMap<string, FieldTree>, before: JsonObject): JsonObject {
  const changes: Record<string, JsonValue> = {};
  for (const [key, fields] of members) {
    const held = memberOf(value, key);
    if (held === undefined && !isJsonArray(before[key])) continue;
    const fit = fitted(held, fields, before[key]);
    if (fit !== undefined && fit !== held) changes[key] = fit;
  }
  return Object.keys(changes).length === 0 ? value : { ...value, ...changes };
}

function below(fields: FieldTree | undefined, steps: readonly Step[]): FieldTree | undefined {
  let found = fields;
  for (const step of steps) found = step.kind === "member" ? found?.members?.get(step.key) : found?.entries;
  return found;
}
