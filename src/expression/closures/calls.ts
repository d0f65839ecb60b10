// Calls of functions, as `$f(…)` and with `~>`.
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import { checkedRegex } from "../pattern.ts";
import type { Closure, Compile, NodeOf } from "./closure.ts";
import { placesOf, type Scope } from "./frame.ts";
import { asArgument, call, FunctionValue } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { Matcher } from "./matches.ts";
import { NotCompilable } from "./not-compilable.ts";
import { built, tick, tickForArguments } from "./steps.ts";
import { builtinNamed, isTextFunction } from "./table.ts";

type CallNode = NodeOf<"function" | "partial">;

export function compileCall(node: CallNode, scope: Scope | undefined, compile: Compile): Closure {
  return compileCallWith(node, undefined, scope, compile);
}

/** `a ~> $f(b)` is `$f(a, b)`; `a ~> $f` too; of two functions it makes one. */
export function compileApply(node: NodeOf<"apply">, scope: Scope | undefined, compile: Compile): Closure {
  const left = compile(node.lhs, scope);
  if (node.rhs.type === "function") {
    if (node.rhs.predicate ?? node.rhs.group) throw new NotCompilable("a filter behind a call");
    return compileCallWith(node.rhs, left, scope, compile);
  }
  const right = compile(node.rhs, scope);
  return (input, frame, run) => {
    const value = left(input, frame, run);
    const applied = right(input, frame, run);
    if (!(applied instanceof FunctionValue)) throw new JsonataError("T2006");
    if (value instanceof FunctionValue) return chained(value, applied);
    tickForArguments(run, [value]);
    return built(call(applied, [value], null, run), run);
  };
}

function chained(first: FunctionValue, second: FunctionValue): FunctionValue {
  return new FunctionValue(1, undefined, ([value], run) => call(second, [call(first, [value], null, run)], null, run));
}

function compileCallWith(
  node: CallNode,
  given: Closure | undefined,
  scope: Scope | undefined,
  compile: Compile,
): Closure {
  if (node.procedure.type !== "variable" || node.procedure.predicate)
    throw new NotCompilable("a call of something that is no name");
  const name = node.procedure.value;
  // With a picture, the time is for the package to write.
  if (name === "now" && node.arguments.length + (given ? 1 : 0) > 0) throw new NotCompilable("a picture of `$now`");
  const target = compileTarget(name, scope, compile, node.procedure);
  const places = given ? 1 : 0;
  const args = node.arguments.map((arg, index) => compileArgument(arg, name, index + places, scope, compile));
  return (input, frame, run) => {
    const first = given?.(input, frame, run);
    const callee = target(input, frame, run);
    const values = args.map((arg) => handedOn(arg(input, frame, run)));
    const all = given ? [first, ...values] : values;
    tickForArguments(run, all);
    return built(call(callee, all, input, run), run);
  };
}

function handedOn(value: unknown): unknown {
  return value instanceof Matcher ? value : asArgument(value);
}

/** A function of the expression's own may be called once it is bound, so it never calls itself. */
function compileTarget(name: string, scope: Scope | undefined, compile: Compile, node: JsonataNode): Closure {
  const places = placesOf(scope, name);
  if (places.length === 0 && builtinNamed(name)) return compile(node, scope);
  const isSettled = places.length === 1 && isCallable(scope, name) && !builtinNamed(name);
  if (!isSettled) throw new NotCompilable(`a call of \`$${name}\`, which the expression binds`);
  return compile(node, scope);
}

function isCallable(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at; at = at.outer) if (at.names.has(name)) return at.callable.has(name);
  return false;
}

/** Which of their arguments may be a regex. */
const TAKES_REGEX: ReadonlyMap<string, number> = new Map([
  ["match", 1],
  ["contains", 1],
  ["replace", 1],
  ["split", 1],
]);

function compileArgument(
  node: JsonataNode,
  name: string,
  place: number,
  scope: Scope | undefined,
  compile: Compile,
): Closure {
  if (node.type === "regex" && TAKES_REGEX.get(name) === place) return compileRegexNode(node);
  // A function may stand there too, which the package calls in a way of its own.
  if (TAKES_REGEX.has(name) && place > 0 && mayBeFunction(node, scope))
    throw new NotCompilable("something that may be a function where `$match` and its like take a text");
  return compile(node, scope);
}

function mayBeFunction(node: JsonataNode, scope: Scope | undefined): boolean {
  if (node.type === "variable") return placesOf(scope, node.value).length > 0 || builtinNamed(node.value) !== undefined;
  if (node.type === "block") return node.expressions.some((expression) => mayBeFunction(expression, scope));
  if (node.type === "condition") {
    return mayBeFunction(node.then, scope) || (node.else !== undefined && mayBeFunction(node.else, scope));
  }
  return !(isCall(node) ? makesText(node, scope) : CERTAIN_VALUES.has(node.type));
}

function isCall(node: JsonataNode): node is CallNode {
  return node.type === "function";
}

function makesText({ procedure }: CallNode, scope: Scope | undefined): boolean {
  if (procedure.type !== "variable" || placesOf(scope, procedure.value).length > 0) return false;
  return isTextFunction(procedure.value);
}

/** What is no function, whatever the message is. */
const CERTAIN_VALUES: ReadonlySet<string> = new Set(["path", "string", "number", "value", "binary", "unary"]);

/** One that needs RE2 can take long on a long text, so it is left to where it can be ended. */
function compileRegexNode(node: NodeOf<"regex">): Closure {
  if (!(node.value instanceof RegExp)) throw new NotCompilable("a regex before `??` or `?:`");
  const regex = checkedRegex(node.value.source, node.value.flags.replace("g", ""));
  if (regex.engine !== "native" || node.predicate || node.group)
    throw new NotCompilable("a regex that takes RE2 to be linear");
  const matcher = new Matcher(regex);
  return (_input, _frame, run) => {
    tick(run, 1);
    return matcher;
  };
}
