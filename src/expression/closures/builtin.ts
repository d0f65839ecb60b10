// How a built-in function is written down here.
import { FunctionValue, type Implementation } from "./function-value.ts";
import { signature } from "./signature.ts";

/** Its signature as package jsonata has it, how many arguments it hands `$map` and the like, and what it does. */
export type Builtin = readonly [signature: string, arity: number, implementation: Implementation];

export function functionOf([written, arity, implementation]: Builtin): FunctionValue {
  return new FunctionValue(arity, signature(written), implementation);
}

/** Nothing in, nothing out: so it is with most of them. */
export function ofText(change: (text: string) => unknown): Implementation {
  return ([text]) => (typeof text === "string" ? change(text) : undefined);
}

export function ofNumber(change: (number: number) => unknown): Implementation {
  return ([number]) => (typeof number === "number" ? change(number) : undefined);
}
