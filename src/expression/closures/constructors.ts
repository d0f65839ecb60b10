// `[…]` and `{…}`: lists and objects that an expression builds.
import { refuseGrowth } from "../jsonata/jsonata-limits.ts";
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import type { Closure, Compile } from "./closure.ts";
import type { Frame, Scope } from "./frame.ts";
import type { Run } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { bindsIn } from "./names.ts";
import { NotCompilable } from "./not-compilable.ts";
import { ObjectBuilder } from "./object-functions.ts";
import { appended, isList, markConstructed } from "./sequence.ts";
import { built, tick } from "./steps.ts";

export function compileListConstructor(
  nodes: readonly JsonataNode[],
  isMarked: boolean,
  scope: Scope | undefined,
  compile: Compile,
): Closure {
  refuseBinds(nodes);
  const items = nodes.map((node) => ({ closure: compile(node, scope), isNested: isListConstructor(node) }));
  return (input, frame, run) => {
    const list: unknown[] = [];
    for (const { closure, isNested } of items) {
      const value = closure(input, frame, run);
      if (value === undefined) continue;
      if (!isNested && isList(value)) addAll(list, value);
      else list.push(value);
    }
    if (isMarked) markConstructed(list);
    return built(list, run);
  };
}

/** A name that is bound in one item may or may not be seen in another, there: they are evaluated side by side. */
function refuseBinds(nodes: readonly JsonataNode[]): void {
  if (nodes.some((node) => bindsIn(node).size > 0)) throw new NotCompilable("`:=` inside of `[…]` or `{…}`");
}

function isListConstructor(node: JsonataNode): boolean {
  return "value" in node && node.value === "[";
}

function addAll(list: unknown[], values: readonly unknown[]): void {
  const all = appended(list, values);
  if (isList(all)) for (const value of all.slice(list.length)) list.push(value);
}

interface Pair {
  /** Known when the expression is compiled, as it nearly always is. */
  readonly name: string | undefined;
  readonly key: Closure;
  readonly value: Closure;
}

/** Of several things, those with the same key are grouped, and the value is made of each group. */
export function compileObjectConstructor(
  nodes: readonly (readonly [JsonataNode, JsonataNode])[],
  scope: Scope | undefined,
  compile: Compile,
): Closure {
  refuseBinds(nodes.flat());
  const pairs = nodes.map(([key, value]) => ({
    name: key.type === "string" && !key.predicate ? key.value : undefined,
    key: compile(key, scope),
    value: compile(value, scope),
  }));
  const general: Closure = (input, frame, run) => {
    if (isList(input) && input.length === 0 && isFromMessage(input, run)) refuseGrowth();
    const groups = groupsOf(isList(input) ? input : [input], pairs, frame, run);
    const result = new ObjectBuilder();
    for (const [key, { things, pair }] of inKeyOrder(groups)) {
      const value = pair.value(things, frame, run);
      if (value !== undefined) result.set(key, value);
    }
    return result.object;
  };
  const names = pairs.map(({ name }) => name);
  return names.every((name) => name !== undefined) && areOrdinary(names) ? forOneThing(names, pairs, general) : general;
}

/** Nothing that would come in another order, or be another thing, than it is written. */
function areOrdinary(names: readonly string[]): boolean {
  return new Set(names).size === names.length && !names.some((name) => /^(?:\d|__proto__$|_jsonata_)/.test(name));
}

/** The most common one by far. */
function forOneThing(names: readonly string[], pairs: readonly Pair[], general: Closure): Closure {
  return (input, frame, run) => {
    if (isList(input)) return general(input, frame, run);
    tick(run, pairs.length);
    const object: Record<string, unknown> = {};
    for (const [index, pair] of pairs.entries()) {
      const value = pair.value(input, frame, run);
      const name = names[index];
      if (value !== undefined && name !== undefined) object[name] = value;
    }
    return object;
  };
}

/** Rarely asked, so it is looked for. */
function isFromMessage(list: readonly unknown[], { root, bindings, copies }: Run): boolean {
  return [root, copies, ...Object.values(bindings)].some((value) => isWithin(list, value));
}

function isWithin(list: readonly unknown[], value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value === list || Object.values(value).some((member) => isWithin(list, member));
}

interface Group {
  things: unknown;
  readonly pair: Pair;
}

function groupsOf(
  input: readonly unknown[],
  pairs: readonly Pair[],
  frame: Frame | undefined,
  run: Run,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const thing of input.length === 0 ? [undefined] : input) {
    for (const pair of pairs) {
      const key = pair.key(thing, frame, run);
      if (key === undefined) continue;
      if (typeof key !== "string") throw new JsonataError("T1003");
      if (key === "_jsonata_lambda" || key === "_jsonata_function") throw new JsonataError("D1013");
      const group = groups.get(key);
      if (!group) groups.set(key, { things: thing, pair });
      else if (group.pair !== pair) throw new JsonataError("D1009");
      else group.things = appended(group.things, thing);
    }
  }
  return groups;
}

/** As an object has its members: those whose name is an index first. */
function inKeyOrder(groups: ReadonlyMap<string, Group>): Iterable<readonly [string, Group]> {
  const keys = [...groups.keys()];
  if (!keys.some((key) => /^\d/.test(key))) return groups;
  const ordered = Object.keys(Object.fromEntries(keys.map((key) => [key, true])));
  return ordered.flatMap((key) => {
    const group = groups.get(key);
    return group ? [[key, group] as const] : [];
  });
}
