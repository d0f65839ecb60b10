// `$name`, `$`, `$$`, `:=` and the blocks that names hold in.
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import type { Closure, Compile, NodeOf } from "./closure.ts";
import { type Frame, frameOf, placesOf, Scope, UNBOUND } from "./frame.ts";
import { bindsInAll } from "./names.ts";
import { NotCompilable } from "./not-compilable.ts";
import { Sequence } from "./sequence.ts";
import { builtinNamed, NEEDS_PACKAGE } from "./table.ts";

export function compileVariable(name: string, scope: Scope | undefined): Closure {
  if (name === "") return context;
  if (name === "$") return (_input, _frame, run) => run.root;
  const places = placesOf(scope, name);
  const builtin = builtinNamed(name);
  if (!builtin && NEEDS_PACKAGE.has(name)) throw new NotCompilable(`\`$${name}\``);
  const outermost: Closure = (_input, _frame, run) =>
    Object.hasOwn(run.bindings, name) ? run.bindings[name] : builtin;
  if (places.length === 0) return outermost;
  return (input, frame, run) => {
    for (const [distance, slot] of places) {
      const value = valueIn(frame, distance, slot);
      if (value !== UNBOUND) return value;
    }
    return outermost(input, frame, run);
  };
}

function context(input: unknown): unknown {
  return input instanceof Sequence && input.isOuterWrapper ? input[0] : input;
}

function valueIn(frame: Frame | undefined, distance: number, slot: number): unknown {
  let at = frame;
  for (let out = 0; out < distance; out += 1) at = at?.outer;
  return at?.slots[slot];
}

export function compileBlock(node: NodeOf<"block">, outer: Scope | undefined, compile: Compile): Closure {
  return compileBlockEndingIn(node, outer, compile, (last, scope) => compile(last, scope));
}

/** `compileLast`: makes the closure of the last expression. */
export function compileBlockEndingIn<Outer extends Scope | undefined>(
  node: NodeOf<"block">,
  outer: Outer,
  compile: Compile,
  compileLast: (last: JsonataNode, scope: Outer | Scope, compile: Compile) => Closure,
): Closure {
  const names = bindsInAll(node.expressions);
  const scope = names.size === 0 ? outer : scopeWith(names, outer);
  const last = node.expressions.length - 1;
  const closures = node.expressions.map((expression, index) =>
    index === last ? compileLast(expression, scope, compile) : compile(expression, scope),
  );
  const [only] = closures;
  if (closures.length === 1 && only && names.size === 0) return only;
  return (input, outside, run) => {
    const frame = names.size === 0 ? outside : frameOf(names.size, outside);
    let value: unknown;
    for (const closure of closures) value = closure(input, frame, run);
    return value;
  };
}

function scopeWith(names: Iterable<string>, outer: Scope | undefined): Scope {
  const scope = new Scope(outer);
  for (const name of names) scope.slotOf(name);
  return scope;
}

export function compileBind(node: NodeOf<"bind">, scope: Scope | undefined, compile: Compile): Closure {
  const name = node.lhs.value;
  const slot = scope?.names.get(name);
  // Outside of any block a name would hold for the expression as a whole; none is written so.
  if (slot === undefined) throw new NotCompilable("`:=` outside of a block");
  const value = compile(node.rhs, scope);
  if (node.rhs.type === "lambda") scope?.callable.add(name);
  return (input, frame, run) => {
    const bound = value(input, frame, run);
    if (frame) frame.slots[slot] = bound;
    return bound;
  };
}
