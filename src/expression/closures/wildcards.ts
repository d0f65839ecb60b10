// `*` and `**`: every member, and everything below.
import { MOST_ITEMS } from "../jsonata/jsonata-limits.ts";
import type { Frame } from "./frame.ts";
import { FunctionValue, type Run } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { add, isList, Sequence, sequenceOf } from "./sequence.ts";
import { built, tickForValues } from "./steps.ts";
import { isObject } from "./values.ts";

/** Lists among the members are opened, all the way down; with one of them, what comes out is an ordinary list. */
export function wildcard(input: unknown, _frame: Frame | undefined, run: Run): unknown {
  const thing = input instanceof Sequence && input.isOuterWrapper && input.length > 0 ? input[0] : input;
  let found: unknown[] = sequenceOf();
  for (const member of membersOf(thing)) {
    if (isList(member)) found = [...together(found, member.flat(Infinity))];
    else if (found instanceof Sequence) add(found, member);
    else found.push(member);
  }
  tickForValues(run, found.length);
  return built(found, run);
}

function together(one: readonly unknown[], other: readonly unknown[]): readonly unknown[] {
  if (one.length + other.length > MOST_ITEMS) throw new JsonataError("D2015");
  return [...one, ...other];
}

export function descendants(input: unknown, _frame: Frame | undefined, run: Run): unknown {
  if (input === undefined) return undefined;
  const found = sequenceOf();
  addBelow(input, found);
  tickForValues(run, found.length);
  built(found, run);
  return found.length === 1 ? found[0] : found;
}

function membersOf(thing: unknown): readonly unknown[] {
  if (isList(thing)) return [...thing];
  return typeof thing === "object" && thing !== null && !(thing instanceof FunctionValue) ? Object.values(thing) : [];
}

function addBelow(thing: unknown, found: Sequence): void {
  if (!isList(thing)) add(found, thing);
  if (isList(thing)) for (const element of thing) addBelow(element, found);
  if (isObject(thing)) for (const member of Object.values(thing)) addBelow(member, found);
}
