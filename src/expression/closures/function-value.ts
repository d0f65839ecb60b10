// Functions as values: built-in ones, those an expression writes, and how either is called.
import { JsonataError } from "./jsonata-error.ts";

/** Of one evaluation: counts its steps. */
export interface Run {
  steps: number;
  /** Units of text that was built, and the like. */
  built: number;
  readonly now: number;
  readonly root: unknown;
  readonly bindings: Readonly<Record<string, unknown>>;
  /** What transforms have copied. */
  readonly copies: unknown[];
  /** How many of them are being changed at the moment. */
  copying: number;
  /** What is known to be plain JSON. */
  readonly plain: Set<unknown>;
}

export type Implementation = (args: readonly unknown[], run: Run) => unknown;

export interface Signature {
  /** The arguments as the function gets them: the context filled in, lone values in lists where lists are meant. */
  readonly validate: (args: readonly unknown[], context: unknown) => readonly unknown[];
}

export class FunctionValue {
  /** How many arguments it takes: `$map` and the like give no more. */
  readonly arity: number;
  readonly signature: Signature | undefined;
  readonly implementation: Implementation;

  constructor(arity: number, signature: Signature | undefined, implementation: Implementation) {
    this.arity = arity;
    this.signature = signature;
    this.implementation = implementation;
  }
}

/** `context` is taken for a first argument that is left out, where the function allows that. */
export function call(value: unknown, args: readonly unknown[], context: unknown, run: Run): unknown {
  if (!(value instanceof FunctionValue)) throw new JsonataError("T1006");
  const checked = value.signature ? value.signature.validate(args, context) : args;
  return value.implementation(checked, run);
}

/** A function that was given to another one as an argument has no context any more. */
export function asArgument(value: unknown): unknown {
  if (!(value instanceof FunctionValue)) return value;
  return new FunctionValue(value.arity, undefined, (args, run) => call(value, args, null, run));
}

/** The element, then its index or key and the whole, as far as the function takes them. */
export function argumentsFor(value: FunctionValue, ...all: readonly unknown[]): readonly unknown[] {
  return all.slice(0, Math.max(1, value.arity));
}
