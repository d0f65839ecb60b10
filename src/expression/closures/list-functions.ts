// JSONata's functions of lists and of objects, those that take a function among them.
import type { Builtin } from "./builtin.ts";
import { argumentsFor, call, FunctionValue, type Run } from "./function-value.ts";
import { JsonataError, PolicyError } from "./jsonata-error.ts";
import { keysOf, merged, sifted, spread } from "./object-functions.ts";
import { add, appended, isList, Sequence, sequenceOf } from "./sequence.ts";
import { sorted } from "./sort.ts";
import { tick } from "./steps.ts";
import { isNumeric, isObject, isSame, isTruthy, lookup } from "./values.ts";

export const LIST_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  boolean: ["<x-:b>", 1, ([value]) => (value === undefined ? undefined : isTruthy(value))],
  not: ["<x-:b>", 1, ([value]) => (value === undefined ? undefined : !isTruthy(value))],
  exists: ["<x:b>", 1, ([value]) => value !== undefined],
  type: ["<x:s>", 1, ([value]) => typeName(value)],
  append: ["<xx:a>", 2, ([one, other]) => appended(one, other)],
  reverse: ["<a:a>", 1, ([list]) => (isList(list) && list.length > 1 ? [...list].reverse() : list)],
  sort: ["<af?:a>", 2, ([list, comparator], run) => sortedBy(list, comparator, run)],
  distinct: ["<x:x>", 1, ([list], run) => distinct(list, run)],
  zip: ["<a+>", 0, (lists) => zipped(lists)],
  map: ["<af>", 2, ([list, change], run) => mapped(list, change, run)],
  filter: ["<af>", 2, ([list, test], run) => filtered(list, test, run)],
  single: ["<af?>", 2, ([list, test], run) => single(list, test, run)],
  reduce: ["<afj?:j>", 3, ([list, combine, start], run) => reduced(list, combine, start, run)],
  keys: ["<x-:a<s>>", 1, ([value]) => keysOf(value)],
  lookup: ["<x-s:x>", 2, ([value, key]) => lookup(value, String(key))],
  spread: ["<x-:a<o>>", 1, ([value]) => spread(value)],
  merge: ["<a<o>:o>", 1, ([objects]) => merged(objects)],
  each: ["<o-f:a>", 2, ([object, change], run) => each(object, change, run)],
  sift: ["<o-f?:o>", 2, ([object, test], run) => sifted(object, (...args) => isTruthy(callBack(test, args, run)))],
  error: ["<s?:x>", 1, ([message]) => fail("D3137", message, "$error() function evaluated")],
  assert: [
    "<bs?:x>",
    2,
    ([isTrue, message]) => (isTrue === true ? undefined : fail("D3141", message, "$assert() statement failed")),
  ],
};

function fail(code: "D3137" | "D3141", message: unknown, otherwise: string): never {
  throw new PolicyError(code, typeof message === "string" && message !== "" ? message : otherwise);
}

function typeName(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return "null";
  if (isNumeric(value)) return "number";
  if (typeof value === "string" || typeof value === "boolean") return typeof value;
  if (isList(value)) return "array";
  return value instanceof FunctionValue ? "function" : "object";
}

function callBack(value: unknown, args: readonly unknown[], run: Run): unknown {
  if (!(value instanceof FunctionValue)) throw new JsonataError("T1006");
  return call(value, argumentsFor(value, ...args), null, run);
}

function mapped(list: unknown, change: unknown, run: Run): Sequence | undefined {
  if (!isList(list)) return undefined;
  const result = sequenceOf();
  for (const [index, element] of list.entries()) {
    const value = callBack(change, [element, index, list], run);
    if (value !== undefined) add(result, value);
  }
  return result;
}

function filtered(list: unknown, test: unknown, run: Run): Sequence | undefined {
  if (!isList(list)) return undefined;
  const result = sequenceOf();
  for (const [index, element] of list.entries()) {
    if (isTruthy(callBack(test, [element, index, list], run))) add(result, element);
  }
  return result;
}

function single(list: unknown, test: unknown, run: Run): unknown {
  if (!isList(list)) return undefined;
  let found: { readonly element: unknown } | undefined;
  for (const [index, element] of list.entries()) {
    if (test !== undefined && !isTruthy(callBack(test, [element, index, list], run))) continue;
    if (found) throw new JsonataError("D3138");
    found = { element };
  }
  if (!found) throw new JsonataError("D3139");
  return found.element;
}

function reduced(list: unknown, combine: unknown, start: unknown, run: Run): unknown {
  if (!isList(list)) return undefined;
  if (!(combine instanceof FunctionValue)) throw new JsonataError("T1006");
  if (combine.arity < 2) throw new JsonataError("D3050");
  const isStarted = start === undefined && list.length > 0;
  let result = isStarted ? list[0] : start;
  for (let index = isStarted ? 1 : 0; index < list.length; index += 1) {
    result = call(combine, [result, list[index], index, list].slice(0, Math.min(4, combine.arity)), null, run);
  }
  return result;
}

function each(object: unknown, change: unknown, run: Run): Sequence {
  const result = sequenceOf();
  if (!isObject(object)) return result;
  for (const [key, member] of Object.entries(object)) {
    const value = callBack(change, [member, key, object], run);
    if (value !== undefined) add(result, value);
  }
  return result;
}

function zipped(lists: readonly unknown[]): readonly unknown[] {
  const columns = lists.map((list) => (isList(list) ? list : []));
  const length = columns.reduce((shortest, column) => Math.min(shortest, column.length), Infinity);
  return Array.from({ length }, (_, index) => columns.map((column) => column[index]));
}

function sortedBy(list: unknown, comparator: unknown, run: Run): unknown {
  if (!isList(list) || list.length <= 1) return list;
  if (comparator !== undefined) {
    return sorted(list, (one, other) => Boolean(call(comparator, [one, other], null, run)));
  }
  if (!list.every((element) => isNumeric(element)) && !list.every((element) => typeof element === "string")) {
    throw new JsonataError("D3070");
  }
  return sorted(list as readonly (string | number)[], (one, other) => one > other);
}

/** Comparing objects costs more than comparing texts. */
const COMPARISONS_PER_STEP = 8;

function distinct(list: unknown, run: Run): unknown {
  if (!isList(list) || list.length <= 1) return list;
  const simple = new Set<unknown>();
  const others: unknown[] = [];
  const result: unknown[] = list instanceof Sequence ? sequenceOf() : [];
  for (const element of list) {
    if (typeof element !== "object" || element === null) {
      if (!simple.has(element)) result.push(element);
      simple.add(element);
    } else {
      tick(run, Math.floor(others.length / COMPARISONS_PER_STEP));
      if (others.some((other) => isSame(element, other))) continue;
      others.push(element);
      result.push(element);
    }
  }
  return result;
}
