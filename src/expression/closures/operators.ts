// Operators between two values, and the minus before one.
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import { MOST_ITEMS, MOST_VALUES } from "../jsonata/jsonata-limits.ts";
import type { Closure, Compile, NodeOf } from "./closure.ts";
import type { Scope } from "./frame.ts";
import type { Run } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { NotCompilable } from "./not-compilable.ts";
import { isList, Sequence } from "./sequence.ts";
import { built, tickForValues, valuesIn } from "./steps.ts";
import { asText, isNumeric, isSame, isTruthy } from "./values.ts";

export function compileBinary(node: NodeOf<"binary">, scope: Scope | undefined, compile: Compile): Closure {
  const left = compile(node.lhs, scope);
  const right = compile(node.rhs, scope);
  if (node.value === "and") {
    return (input, frame, run) => isTruthy(left(input, frame, run)) && isTruthy(right(input, frame, run));
  }
  if (node.value === "or") {
    return (input, frame, run) => isTruthy(left(input, frame, run)) || isTruthy(right(input, frame, run));
  }
  const operate = operationOf(node.value);
  if (!GOES_THROUGH.has(node.value)) {
    return (input, frame, run) => operate(left(input, frame, run), right(input, frame, run));
  }
  return (input, frame, run) => {
    const [one, other] = [left(input, frame, run), right(input, frame, run)];
    if (typeof one === "object" || typeof other === "object") tickFor(one, other, run);
    const outcome = operate(one, other);
    return typeof outcome === "string" ? built(outcome, run) : outcome;
  };
}

/** These look at all of a list or object. */
const GOES_THROUGH: ReadonlySet<string> = new Set(["=", "!=", "in", "&"]);

function tickFor(one: unknown, other: unknown, run: Run): void {
  tickForValues(run, valuesIn(one, MOST_VALUES) + valuesIn(other, MOST_VALUES));
}

export function compileNegation(node: JsonataNode, scope: Scope | undefined, compile: Compile): Closure {
  const operand = compile(node, scope);
  return (input, frame, run) => {
    const value = operand(input, frame, run);
    if (value === undefined) return undefined;
    if (!isNumeric(value)) throw new JsonataError("D1002");
    return -value;
  };
}

type Operation = (left: unknown, right: unknown) => unknown;

function operationOf(operator: string): Operation {
  switch (operator) {
    case "+":
      return arithmetic((left, right) => left + right);
    case "-":
      return arithmetic((left, right) => left - right);
    case "*":
      return arithmetic((left, right) => left * right);
    case "/":
      return arithmetic((left, right) => left / right);
    case "%":
      return arithmetic((left, right) => left % right);
    case "=":
      return (left, right) => left !== undefined && right !== undefined && isSame(left, right);
    case "!=":
      return (left, right) => left !== undefined && right !== undefined && !isSame(left, right);
    case "<":
      return comparison((left, right) => left < right);
    case "<=":
      return comparison((left, right) => left <= right);
    case ">":
      return comparison((left, right) => left > right);
    case ">=":
      return comparison((left, right) => left >= right);
    case "&":
      return joined;
    case "in":
      return isIn;
    case "..":
      return range;
    default:
      throw new NotCompilable(`\`${operator}\``);
  }
}

function arithmetic(operate: (left: number, right: number) => number): Operation {
  return (left, right) => {
    if (left !== undefined && !isNumeric(left)) throw new JsonataError("T2001");
    if (right !== undefined && !isNumeric(right)) throw new JsonataError("T2002");
    return left === undefined || right === undefined ? undefined : operate(left, right);
  };
}

function comparison(operate: (left: string | number, right: string | number) => boolean): Operation {
  return (left, right) => {
    if (!isComparable(left) || !isComparable(right)) throw new JsonataError("T2010");
    if (left === undefined || right === undefined) return undefined;
    if (typeof left !== typeof right) throw new JsonataError("T2009");
    return operate(left, right);
  };
}

function isComparable(value: unknown): value is string | number | undefined {
  return value === undefined || typeof value === "string" || typeof value === "number";
}

function joined(left: unknown, right: unknown): string {
  return (asText(left) ?? "") + (asText(right) ?? "");
}

/** Nothing is in nothing, and objects are in a list only as themselves. */
function isIn(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  return (isList(right) ? right : [right]).some((element) => element === left);
}

function range(left: unknown, right: unknown): Sequence | undefined {
  if (left !== undefined && !Number.isInteger(left)) throw new JsonataError("T2003");
  if (right !== undefined && !Number.isInteger(right)) throw new JsonataError("T2004");
  const [first, last] = [left as number | undefined, right as number | undefined];
  if (first === undefined || last === undefined || first > last) return undefined;
  const size = last - first + 1;
  // Beyond 2^53 one more is the same number: the package would never come to an end.
  if (size > 1e7 || !Number.isSafeInteger(first) || !Number.isSafeInteger(last)) throw new JsonataError("D2014");
  if (size > MOST_ITEMS) throw new JsonataError("D2015");
  const numbers = new Sequence();
  for (let index = 0; index < size; index += 1) numbers.push(first + index);
  return numbers;
}
