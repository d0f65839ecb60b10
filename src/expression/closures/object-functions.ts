// JSONata's functions of objects.
import { add, appended, isList, sequenceOf, type Sequence } from "./sequence.ts";
import { isObject } from "./values.ts";

/** An object that is being built. Any key is a key like any other, `__proto__` too. */
export class ObjectBuilder {
  readonly object: Record<string, unknown> = {};

  set(key: string, value: unknown): void {
    if (key === "__proto__") {
      Object.defineProperty(this.object, key, { value, enumerable: true, configurable: true, writable: true });
    } else this.object[key] = value;
  }
}

/** Of a list: every key that one of its elements has, once. */
export function keysOf(value: unknown): Sequence {
  const keys = sequenceOf();
  if (isList(value)) {
    const all = new ObjectBuilder();
    for (const element of value) for (const key of keysOf(element)) all.set(String(key), true);
    return keysOf(all.object);
  }
  if (isObject(value)) for (const key of Object.keys(value)) add(keys, key);
  return keys;
}

/** Objects with one member each; of a list a list, however long. */
export function spread(value: unknown): unknown {
  if (isList(value)) {
    let all: readonly unknown[] | undefined;
    for (const element of value) {
      const parts = spread(element);
      if (parts !== undefined) all = extended(all ?? [], parts);
    }
    return all ?? sequenceOf();
  }
  if (!isObject(value)) return value;
  const parts = sequenceOf();
  for (const [key, member] of Object.entries(value)) {
    const part = new ObjectBuilder();
    part.set(key, member);
    add(parts, part.object);
  }
  return parts;
}

function extended(list: readonly unknown[], parts: unknown): readonly unknown[] {
  const all = appended(list, parts);
  return isList(all) ? all : [all];
}

export function merged(objects: unknown): unknown {
  if (!isList(objects)) return undefined;
  const result = new ObjectBuilder();
  for (const object of objects) {
    if (isObject(object)) for (const [key, member] of Object.entries(object)) result.set(key, member);
  }
  return result.object;
}

/** Nothing is left: nothing. */
export function sifted(object: unknown, isKept: (member: unknown, key: string, object: unknown) => boolean): unknown {
  if (!isObject(object)) return undefined;
  const result = new ObjectBuilder();
  for (const [key, member] of Object.entries(object)) if (isKept(member, key, object)) result.set(key, member);
  return Object.keys(result.object).length === 0 ? undefined : result.object;
}
