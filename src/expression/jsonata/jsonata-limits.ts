// The bounds of one evaluation in package jsonata, and what comes out of it made plain JSON again.
import type { JsonValue } from "../../mcp/json.ts";

/** Nodes of the expression evaluated, the same on every machine. */
export const MOST_STEPS = 20_000;
/** A backstop for what steps do not count: one call of a built-in function. */
export const LONGEST_MS = 500;
export const MOST_ITEMS = 10_000;
/** UTF-16 units of one text that is built. */
export const LONGEST_TEXT = 1 << 20;
export const DEEPEST_VALUE = 256;
/** Values that share parts can be larger than anything they were built from. */
export const MOST_VALUES = 250_000;

/** Thrown by what guards an evaluation; its message says which bound it was. */
export class LimitExceeded extends Error {}

/**
 * A value of the package as plain JSON: no null prototypes, no lists with further properties, nothing shared. Functions,
 * numbers that JSON has none for, circles and what is too large end in an error that says so.
 */
export function cleaned(value: unknown): JsonValue | undefined {
  return value === undefined ? undefined : new Cleaning().value(value, 0);
}

/** Makes plain JSON of a value, within the bounds. */
export abstract class PlainWalk {
  #values = 0;

  value(value: unknown, depth: number): JsonValue {
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw new LimitExceeded("its result is too large");
    if (depth > DEEPEST_VALUE) throw new LimitExceeded("its result is nested too deeply");
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") return finite(value);
    if (Array.isArray(value)) return this.list(value, depth);
    if (typeof value === "object" && !this.isFunction(value)) return this.object(value, depth);
    throw new Error("its result holds a function");
  }

  protected abstract isFunction(value: object): boolean;
  protected abstract list(list: readonly unknown[], depth: number): JsonValue;
  protected abstract object(object: object, depth: number): JsonValue;
}

class Cleaning extends PlainWalk {
  protected isFunction(value: object): boolean {
    return isFunctionValue(value);
  }

  protected list(list: readonly unknown[], depth: number): JsonValue {
    const clean: JsonValue[] = [];
    for (const element of list) if (element !== undefined) clean.push(this.value(element, depth + 1));
    return clean;
  }

  protected object(object: object, depth: number): JsonValue {
    const clean: Record<string, JsonValue> = {};
    for (const [key, member] of Object.entries(object)) {
      if (member === undefined) continue;
      const value = this.value(member, depth + 1);
      // Assigning this key would set a prototype.
      if (key === "__proto__") Object.defineProperty(clean, key, { value, ...ORDINARY });
      else clean[key] = value;
    }
    return clean;
  }
}

const ORDINARY = { enumerable: true, configurable: true, writable: true };

/**
 * The package knows its functions by a member of that name: a message that has one would pass for a function, and what
 * is in it would not be looked at.
 */
export function hasFunctionMark(value: JsonValue | undefined): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isFunctionValue(value)) return true;
  return Object.values(value).some(hasFunctionMark);
}

/**
 * An object constructor whose context is an empty list puts something into that list, for every later look at it. Where
 * the list is the message's, the evaluation is to fail instead, here as in compiled expressions.
 */
export function guardEmptyLists(value: JsonValue | undefined): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value) && value.length === 0) Object.defineProperty(value, "push", { value: refuseGrowth });
  const members: readonly JsonValue[] = Object.values(value);
  for (const member of members) guardEmptyLists(member);
}

export function refuseGrowth(): never {
  throw new Error("an object is built from an empty list");
}

function isFunctionValue(value: object): boolean {
  return Object.hasOwn(value, "_jsonata_lambda") || Object.hasOwn(value, "_jsonata_function");
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Error("its result holds a number that JSON has none for");
  return value;
}
