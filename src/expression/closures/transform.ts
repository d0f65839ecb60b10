// `|where|update, delete|`: a copy of a value in which some objects are changed. What is not changed is shared with it.
import { DEEPEST_VALUE, MOST_VALUES } from "../jsonata/jsonata-limits.ts";
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import type { Closure, Compile, NodeOf } from "./closure.ts";
import { type Frame, placesOf, type Scope } from "./frame.ts";
import { FunctionValue, type Run } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { NotCompilable } from "./not-compilable.ts";
import { isPlainJson } from "./plain-json.ts";
import { isConstructed, isList, Sequence } from "./sequence.ts";
import { signature } from "./signature.ts";
import { built, tickForValues } from "./steps.ts";
import { asText, isObject } from "./values.ts";

const TAKES = signature("<(oa):o>");

export function compileTransform(node: NodeOf<"transform">, scope: Scope | undefined, compile: Compile): Closure {
  if (placesOf(scope, "clone").length > 0) throw new NotCompilable("a `$clone` of its own");
  if (!leadsInside(node.pattern)) throw new NotCompilable("a `|…|…|` that may lead outside of what it changes");
  const change = {
    where: compile(node.pattern, scope),
    update: compile(node.update, scope),
    remove: node.delete && compile(node.delete, scope),
    names: namesOf(node.pattern),
  };
  return (_input, frame) =>
    new FunctionValue(1, TAKES, ([target], run) =>
      target === undefined ? undefined : new Transform(change, frame, run).of(target),
    );
}

/** It can only find parts of what is transformed: anything else would be changed where it stands. */
function leadsInside(pattern: JsonataNode): boolean {
  if (pattern.type === "path") return pattern.steps.every(leadsInside);
  if (pattern.type === "variable") return pattern.value === "";
  return pattern.type === "name" || pattern.type === "wildcard" || pattern.type === "descendant";
}

/** Of a pattern that leads along names to the objects to change. */
function namesOf(pattern: JsonataNode): readonly string[] | undefined {
  if (pattern.predicate) return undefined;
  if (pattern.type === "variable" && pattern.value === "") return [];
  if (pattern.type !== "path" || pattern.keepSingletonArray === true) return undefined;
  const names = pattern.steps.map((step) => (step.type === "name" && !step.predicate ? step.value : undefined));
  return names.every((name) => name !== undefined) ? names : undefined;
}

interface Change {
  readonly where: Closure;
  readonly update: Closure;
  readonly remove: Closure | undefined;
  readonly names: readonly string[] | undefined;
}

class Transform {
  readonly #change: Change;
  readonly #frame: Frame | undefined;
  readonly #run: Run;
  /** What was put in. */
  #arePlain = true;
  /** Something was put into itself: only a copy that is changed in place shows that as the package does. */
  #isCircular = false;

  constructor(change: Change, frame: Frame | undefined, run: Run) {
    this.#change = change;
    this.#frame = frame;
    this.#run = run;
  }

  of(target: unknown): unknown {
    // What is being changed in place cannot be shared with anything.
    if (this.#run.copying > 0) return this.#copied(target);
    return this.#shared(target) ?? this.#copied(target);
  }

  /** `undefined`: one and the same object stands at two places, or the copy would not be the same to the package. */
  #shared(target: unknown): unknown {
    const { names } = this.#change;
    const counting = { left: MOST_VALUES };
    const isSame = names !== undefined && isSameAsCopy(target, counting, DEEPEST_VALUE);
    tickForValues(this.#run, MOST_VALUES - counting.left);
    if (!isSame) return undefined;
    const found = this.#found(target);
    if (!found.every(isObject) || new Set(found).size < found.length) return undefined;
    const changed = new Map<unknown, unknown>(found.map((object) => [object, this.#changed(object)]));
    if (this.#isCircular) return undefined;
    const rebuilding = new Rebuilding(names, changed);
    const whole = rebuilding.of(target, 0);
    if (rebuilding.places !== changed.size) return undefined;
    if (this.#arePlain) this.#run.plain.add(whole);
    return whole;
  }

  #copied(target: unknown): unknown {
    const copy: unknown = JSON.parse(built(asText(target) ?? "null", this.#run));
    this.#run.copies.push(copy);
    this.#run.copying += 1;
    for (const object of this.#found(copy)) {
      for (const [key, value] of this.#updateOf(object)) assign(object, key, value);
      for (const key of this.#removalsOf(object)) unassign(object, key);
    }
    this.#run.copying -= 1;
    return copy;
  }

  #found(target: unknown): readonly unknown[] {
    const found = this.#change.where(target, this.#frame, this.#run);
    if (found === undefined) return [];
    return isList(found) ? found : [found];
  }

  #changed(object: Readonly<Record<string, unknown>>): unknown {
    const changed = { ...object };
    for (const [key, value] of this.#updateOf(object)) {
      if (!isPlainJson(value)) this.#arePlain = false;
      if (holds(value, object)) this.#isCircular = true;
      assign(changed, key, value);
    }
    for (const key of this.#removalsOf(changed)) unassign(changed, key);
    return changed;
  }

  #updateOf(object: unknown): readonly (readonly [string, unknown])[] {
    const update = this.#change.update(object, this.#frame, this.#run);
    if (update === undefined) return [];
    if (!isObject(update)) throw new JsonataError("T2011");
    return Object.entries(update);
  }

  #removalsOf(object: unknown): readonly string[] {
    const removals = this.#change.remove?.(object, this.#frame, this.#run);
    if (removals === undefined) return [];
    const keys = isList(removals) ? removals : [removals];
    if (!keys.every((key) => typeof key === "string")) throw new JsonataError("T2012");
    return keys;
  }
}

/** The package copies by way of text: numbers lose what is beyond 15 digits, functions and lists what they were. */
function isSameAsCopy(value: unknown, counting: { left: number }, depth: number): boolean {
  counting.left -= 1;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") {
    return Number.isInteger(value) ? !Object.is(value, -0) : Number(value.toPrecision(15)) === value;
  }
  if (typeof value !== "object" || counting.left < 0 || depth === 0) return false;
  if (value instanceof Sequence || value instanceof FunctionValue) return false;
  if (isList(value)) {
    if (isConstructed(value)) return false;
    for (const element of value) if (!isSameAsCopy(element, counting, depth - 1)) return false;
    return true;
  }
  for (const key of Object.keys(value)) {
    if (!isSameAsCopy((value as Readonly<Record<string, unknown>>)[key], counting, depth - 1)) return false;
  }
  return true;
}

function holds(value: unknown, object: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value === object || Object.values(value).some((member) => holds(member, object));
}

/** Puts changed objects where the old ones stood, along the names that lead to them. */
class Rebuilding {
  places = 0;
  readonly #names: readonly string[];
  readonly #changed: ReadonlyMap<unknown, unknown>;

  constructor(names: readonly string[], changed: ReadonlyMap<unknown, unknown>) {
    this.#names = names;
    this.#changed = changed;
  }

  of(value: unknown, depth: number): unknown {
    if (isList(value)) return this.#list(value, depth);
    if (!isObject(value)) return value;
    const name = this.#names[depth];
    if (name !== undefined) return this.#member(value, name, depth);
    const changed = this.#changed.get(value);
    if (changed !== undefined) this.places += 1;
    return changed ?? value;
  }

  #list(list: readonly unknown[], depth: number): readonly unknown[] {
    const rebuilt = list.map((element) => this.of(element, depth));
    return rebuilt.some((element, index) => element !== list[index]) ? rebuilt : list;
  }

  #member(object: Readonly<Record<string, unknown>>, name: string, depth: number): unknown {
    if (!Object.hasOwn(object, name)) return object;
    const before = object[name];
    const after = this.of(before, depth + 1);
    return after === before ? object : { ...object, [name]: after };
  }
}

/** As the package does it. A member called `__proto__` that is not there yet would become a prototype: it is left out. */
function assign(target: unknown, key: string, value: unknown): void {
  if (typeof target !== "object" || target === null) throw new TypeError("only an object can be changed");
  if (key !== "__proto__") Reflect.set(target, key, value);
  else if (Object.hasOwn(target, key)) {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  }
}

function unassign(target: unknown, key: string): void {
  if (typeof target !== "object" || target === null) return;
  if (!Reflect.deleteProperty(target, key)) throw new TypeError("a list keeps its length");
}
