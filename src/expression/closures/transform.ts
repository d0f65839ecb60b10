// `|where|update, delete|`: a copy of a value in which some objects are changed. What is not changed is shared with it.
import type { JsonataNode } from "../jsonata-tree.ts";
import type { Closure, Compile, NodeOf } from "./closure.ts";
import { type Frame, placesOf, type Scope } from "./frame.ts";
import { FunctionValue, type Run } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { NotCompilable } from "./not-compilable.ts";
import { ObjectBuilder } from "./object-functions.ts";
import { isList, Sequence } from "./sequence.ts";
import { signature } from "./signature.ts";
import { asText, isObject } from "./values.ts";

const TAKES = signature("<(oa):o>");

export function compileTransform(node: NodeOf<"transform">, scope: Scope | undefined, compile: Compile): Closure {
  if (placesOf(scope, "clone").length > 0) throw new NotCompilable("a $clone of its own");
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

  constructor(change: Change, frame: Frame | undefined, run: Run) {
    this.#change = change;
    this.#frame = frame;
    this.#run = run;
  }

  of(target: unknown): unknown {
    return this.#shared(target) ?? this.#copied(target);
  }

  /** `undefined`: one and the same object stands at two places, or the copy would not be the same to the package. */
  #shared(target: unknown): unknown {
    const { names } = this.#change;
    if (!names || !isSameAsCopy(target)) return undefined;
    const found = this.#found(target);
    if (!found.every(isObject) || new Set(found).size < found.length) return undefined;
    const changed = new Map<unknown, unknown>(found.map((object) => [object, this.#changed(object)]));
    const rebuilding = new Rebuilding(names, changed);
    const whole = rebuilding.of(target, 0);
    return rebuilding.places === changed.size ? whole : undefined;
  }

  #copied(target: unknown): unknown {
    const copy: unknown = JSON.parse(asText(target) ?? "null");
    for (const object of this.#found(copy)) {
      for (const [key, value] of this.#updateOf(object)) assign(object, key, value);
      for (const key of this.#removalsOf(object)) unassign(object, key);
    }
    return copy;
  }

  #found(target: unknown): readonly unknown[] {
    const found = this.#change.where(target, this.#frame, this.#run);
    if (found === undefined) return [];
    return isList(found) ? found : [found];
  }

  #changed(object: Readonly<Record<string, unknown>>): unknown {
    const builder = new ObjectBuilder();
    for (const [key, value] of Object.entries(object)) builder.set(key, value);
    for (const [key, value] of this.#updateOf(object)) assign(builder.object, key, value);
    for (const key of this.#removalsOf(builder.object)) unassign(builder.object, key);
    return builder.object;
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
function isSameAsCopy(value: unknown): boolean {
  if (typeof value === "number") {
    return Number.isInteger(value) ? !Object.is(value, -0) : Number(value.toPrecision(15)) === value;
  }
  if (typeof value !== "object" || value === null) return value !== undefined;
  if (value instanceof Sequence || value instanceof FunctionValue) return false;
  return isList(value) ? value.every(isSameAsCopy) : Object.values(value).every(isSameAsCopy);
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
  if (key === "__proto__" && !Object.hasOwn(target, key)) return;
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function unassign(target: unknown, key: string): void {
  if (typeof target !== "object" || target === null) return;
  if (!Reflect.deleteProperty(target, key)) throw new TypeError("a list keeps its length");
}
