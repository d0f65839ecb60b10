// Functions that an expression writes, and what comes out of them.
import { mayTakeContext } from "../jsonata/jsonata-names.ts";
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import { compileCall } from "./calls.ts";
import type { Closure, Compile, NodeOf } from "./closure.ts";
import { frameOf, Scope } from "./frame.ts";
import { FunctionValue } from "./function-value.ts";
import { bindsIn } from "./names.ts";
import { NotCompilable } from "./not-compilable.ts";
import { tick } from "./steps.ts";
import { builtinNamed } from "./table.ts";
import { isTruthy } from "./values.ts";
import { compileBlockEndingIn } from "./variables.ts";

/** It keeps the context of the place where it is written. */
export function compileLambda(node: NodeOf<"lambda">, outer: Scope | undefined, compile: Compile): Closure {
  if (node.signature ?? node.thunk) throw new NotCompilable("a function with a signature");
  const scope = new Scope(outer);
  const parameters = node.arguments.map(({ value }) => scope.slotOf(value));
  for (const name of bindsIn(node.body)) scope.slotOf(name);
  const closure = compileTail(node.body, scope, compile);
  const size = scope.names.size;
  return (input, outside) =>
    new FunctionValue(parameters.length, undefined, (args, run) => {
      const frame = frameOf(size, outside);
      for (const [index, slot] of parameters.entries()) frame.slots[slot] = args[index];
      return closure(input, frame, run);
    });
}

/**
 * What a function ends in. A call there is made by whoever called the function: a sequence of one thing that it gives
 * keeps its brackets until then.
 */
function compileTail(node: JsonataNode, scope: Scope, compile: Compile): Closure {
  if (node.type === "lambda" && node.thunk === true) return compileTailCall(node.body, scope, compile);
  if (node.type !== "condition" && node.type !== "block") return compile(node, scope);
  if (node.predicate ?? node.group ?? node.keepArray)
    throw new NotCompilable("a filter behind what a function ends in");
  if (node.type === "block") return counted(compileBlockEndingIn(node, scope, compile, compileTail));
  const condition = compile(node.condition, scope);
  const then = compileTail(node.then, scope, compile);
  const otherwise = node.else && compileTail(node.else, scope, compile);
  return counted((input, frame, run) =>
    isTruthy(condition(input, frame, run)) ? then(input, frame, run) : otherwise?.(input, frame, run),
  );
}

function counted(closure: Closure): Closure {
  return (input, frame, run) => {
    tick(run, 1);
    return closure(input, frame, run);
  };
}

function compileTailCall(node: JsonataNode, scope: Scope, compile: Compile): Closure {
  if (node.type !== "function" || !("procedure" in node) || node.procedure.type !== "variable") {
    throw new NotCompilable("a call that a function ends in");
  }
  const name = node.procedure.value;
  // Its context is another one, and functions arrive there in a form that `$sort` and built-in ones cannot use.
  const isUnusable = node.arguments.some((arg) =>
    arg.type === "variable" ? builtinNamed(arg.value) !== undefined : arg.type === "lambda" && name === "sort",
  );
  if (isUnusable || mayTakeContext(name, node.arguments.length))
    throw new NotCompilable("a call that a function ends in");
  return counted(compileCall(node, scope, compile));
}
