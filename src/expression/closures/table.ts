// Every function that a compiled expression can call: there is no way to any other.
import { FUNCTION_NAMES } from "../jsonata/jsonata-names.ts";
import { functionOf, type Builtin } from "./builtin.ts";
import type { FunctionValue } from "./function-value.ts";
import { LIST_FUNCTIONS } from "./list-functions.ts";
import { NUMBER_FUNCTIONS } from "./number-functions.ts";
import { TEXT_FUNCTIONS } from "./text-functions.ts";

const CLOCK_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  now: ["<s?s?:s>", 2, (_args, run) => new Date(run.now).toISOString()],
  millis: ["<:n>", 0, (_args, run) => run.now],
};

const TABLE: ReadonlyMap<string, FunctionValue> = new Map(
  Object.entries({ ...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS, ...LIST_FUNCTIONS, ...CLOCK_FUNCTIONS }).map(
    ([name, builtin]) => [name, functionOf(builtin)],
  ),
);

export function builtinNamed(name: string): FunctionValue | undefined {
  return TABLE.get(name);
}

/** What it gives is a text or nothing. */
export function isTextFunction(name: string): boolean {
  return Object.hasOwn(TEXT_FUNCTIONS, name) && TEXT_FUNCTIONS[name]?.[0].endsWith(":s>") === true;
}

/** Pictures of numbers and times, and the like. */
export const NEEDS_PACKAGE: ReadonlySet<string> = new Set([...FUNCTION_NAMES].filter((name) => !TABLE.has(name)));
