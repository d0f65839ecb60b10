// The value of an expression as plain JSON. What is plain already is handed on as it is, shared and not copied.
import type { JsonValue } from "../../mcp/json.ts";
import { DEEPEST_VALUE, MOST_VALUES, PlainWalk } from "../jsonata/jsonata-limits.ts";
import { FunctionValue } from "./function-value.ts";
import { ObjectBuilder } from "./object-functions.ts";
import { Sequence } from "./sequence.ts";

/** `known`: values that were found to be plain while they were made. */
export function plainJson(value: unknown, known: ReadonlySet<unknown>): JsonValue | undefined {
  if (typeof value === "boolean" || typeof value === "string" || value === undefined) return value;
  return known.has(value) || isPlainJson(value) ? (value as JsonValue) : new Plain().value(value, 0);
}

/** Whether it can be handed on as it is. */
export function isPlainJson(value: unknown): boolean {
  const counting = { left: MOST_VALUES };
  return isPlain(value, counting, DEEPEST_VALUE);
}

function isPlain(value: unknown, counting: { left: number }, depth: number): boolean {
  counting.left -= 1;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return value !== undefined;
  if (counting.left < 0 || depth === 0 || value instanceof Sequence || value instanceof FunctionValue) return false;
  if (Array.isArray(value)) {
    for (const element of value) if (!isPlain(element, counting, depth - 1)) return false;
    return true;
  }
  for (const key of Object.keys(value)) {
    if (!isPlain((value as Readonly<Record<string, unknown>>)[key], counting, depth - 1)) return false;
  }
  return true;
}

/** Copies only what has to be other than it is. */
class Plain extends PlainWalk {
  protected isFunction(value: object): boolean {
    return value instanceof FunctionValue;
  }

  protected list(list: readonly unknown[], depth: number): JsonValue {
    let isUnchanged = !(list instanceof Sequence);
    const plain: JsonValue[] = [];
    for (const element of list) {
      const value = element === undefined ? undefined : this.value(element, depth + 1);
      if (value !== element || value === undefined) isUnchanged = false;
      if (value !== undefined) plain.push(value);
    }
    return isUnchanged ? (list as JsonValue) : plain;
  }

  protected object(object: object, depth: number): JsonValue {
    const entries: readonly [string, unknown][] = Object.entries(object);
    let copy: ObjectBuilder | undefined;
    for (const [index, [key, member]] of entries.entries()) {
      const value = member === undefined ? undefined : this.value(member, depth + 1);
      if (value !== member || value === undefined) copy ??= copyOf(entries.slice(0, index));
      if (value !== undefined) copy?.set(key, value);
    }
    return (copy?.object ?? object) as JsonValue;
  }
}

function copyOf(entries: readonly (readonly [string, unknown])[]): ObjectBuilder {
  const copy = new ObjectBuilder();
  for (const [key, value] of entries) copy.set(key, value);
  return copy;
}
