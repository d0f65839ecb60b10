// `[…]` and `{…}`: lists and objects that an expression builds.
import type { JsonataNode } from "../jsonata-tree.ts";
import type { Closure, Compile } from "./closure.ts";
import type { Frame, Scope } from "./frame.ts";
import type { Run } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { bindsIn } from "./names.ts";
import { NotCompilable } from "./not-compilable.ts";
import { ObjectBuilder } from "./object-functions.ts";
import { appended, isList, markConstructed } from "./sequence.ts";
import { built } from "./steps.ts";

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
    return built(list);
  };
}

/** A name that is bound in one item may or may not be seen in another, there: they are evaluated side by side. */
function refuseBinds(nodes: readonly JsonataNode[]): void {
  if (nodes.some((node) => bindsIn(node).size > 0)) throw new NotCompilable("bind in a constructor");
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
  return (input, frame, run) => {
    const groups = groupsOf(isList(input) ? input : [input], pairs, frame, run);
    const result = new ObjectBuilder();
    for (const [key, { things, pair }] of inKeyOrder(groups)) {
      const value = pair.value(things, frame, run);
      if (value !== undefined) result.set(key, value);
    }
    return result.object;
  };
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
