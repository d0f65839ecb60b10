// Paths: each step is taken from every thing the step before led to, and lists on the way are opened.
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import type { Closure, Compile, NodeOf } from "./closure.ts";
import { compileFilter, type Filter } from "./filters.ts";
import type { Frame, Scope } from "./frame.ts";
import type { Run } from "./function-value.ts";
import { NotCompilable } from "./not-compilable.ts";
import { compileOrderBy, type OrderBy } from "./order-by.ts";
import { add, isConstructed, isList, Sequence, sequenceOf } from "./sequence.ts";
import { tick } from "./steps.ts";
import { isObject } from "./values.ts";

interface PathStep {
  readonly closure: Closure;
  readonly filters: readonly Filter[];
}

type Step = PathStep | OrderBy;

export function compilePath(node: NodeOf<"path">, scope: Scope | undefined, compile: Compile): Closure {
  const steps = node.steps.map((step) => compileStep(step, scope, compile));
  const [first] = node.steps;
  const startsAnew = first?.type === "variable";
  const startsWithList = first?.consarray === true;
  const keepsSingleton = node.keepSingletonArray === true;
  const whole: Closure = (input, frame, run) => {
    const start = isList(input) && !startsAnew ? input : sequenceOf(input);
    return kept(walk(steps, start, startsWithList, frame, run), keepsSingleton);
  };
  const names = node.steps.map(plainName);
  return keepsSingleton || !names.every((name) => name !== undefined) ? whole : throughObjects(names, whole);
}

function compileStep(step: JsonataNode, scope: Scope | undefined, compile: Compile): Step {
  const filters = (step.stages ?? []).map((stage) => compileFilter(stage, scope, compile));
  if (step.type !== "sort") return { closure: compile(step, scope), filters };
  if (step.tuple === true || step.ancestor) throw new NotCompilable("`^(…)` over a path with `@`, `#` or `%`");
  return compileOrderBy(step, filters, scope, compile);
}

/** The name of a step that is nothing but a name. */
function plainName(step: JsonataNode): string | undefined {
  if (step.type !== "name" || step.keepArray === true || step.stages || step.predicate) return undefined;
  return step.value;
}

/** By far the most common way: from object to object, with a list at the end at the most. */
function throughObjects(names: readonly string[], whole: Closure): Closure {
  return (input, frame, run) => {
    let value = input;
    let steps = 0;
    for (const name of names) {
      if (isList(value)) return whole(input, frame, run);
      value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
      steps += 1;
      if (value === undefined) break;
    }
    if (value instanceof Sequence) return whole(input, frame, run);
    tick(run, steps);
    return value;
  };
}

function walk(
  steps: readonly Step[],
  start: readonly unknown[],
  startsWithList: boolean,
  frame: Frame | undefined,
  run: Run,
): unknown {
  let things: unknown = start;
  for (const [index, step] of steps.entries()) {
    if (!isList(things) || (index > 0 && things.length === 0)) break;
    if ("terms" in step) things = step.order(things, frame, run);
    else if (index === 0 && startsWithList) things = step.closure(things, frame, run);
    else things = takeStep(step, things, index === steps.length - 1, frame, run);
  }
  return things;
}

function takeStep(
  { closure, filters }: PathStep,
  things: readonly unknown[],
  isLast: boolean,
  frame: Frame | undefined,
  run: Run,
): readonly unknown[] {
  const found = sequenceOf();
  for (const thing of things) {
    let value = closure(thing, frame, run);
    for (const filter of filters) value = filter(value, frame, run);
    if (value !== undefined) add(found, value);
  }
  const [only] = found;
  if (isLast && found.length === 1 && isList(only) && !(only instanceof Sequence)) return only;
  return opened(found);
}

/** One list of all, but for lists written as `[…]` at the end of the path. */
function opened(found: readonly unknown[]): Sequence {
  const all = sequenceOf();
  for (const value of found) {
    if (isList(value) && !isConstructed(value)) for (const element of value) add(all, element);
    else add(all, value);
  }
  return all;
}

/** `[]` somewhere in the path. */
function kept(value: unknown, keepsSingleton: boolean): unknown {
  if (!keepsSingleton || !isList(value)) return value;
  const sequence = !(value instanceof Sequence) && isConstructed(value) ? sequenceOf(value) : value;
  if (sequence instanceof Sequence) sequence.keepsSingleton = true;
  return sequence;
}
