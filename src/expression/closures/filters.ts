// `[…]` behind a value: an index, indexes, or what has to be true of an element.
import type { Stage } from "../jsonata/jsonata-tree.ts";
import type { Closure, Compile } from "./closure.ts";
import type { Frame, Scope } from "./frame.ts";
import type { Run } from "./function-value.ts";
import { NotCompilable } from "./not-compilable.ts";
import { add, isList, type Sequence, sequenceOf } from "./sequence.ts";
import { isNumeric, isTruthy } from "./values.ts";

export type Filter = (value: unknown, frame: Frame | undefined, run: Run) => unknown;

export function compileFilter(stage: Stage, scope: Scope | undefined, compile: Compile): Filter {
  if (stage.type === "index") throw new NotCompilable(`\`#$${stage.value}\``);
  if (stage.expr.type === "number") {
    const index = Math.floor(stage.expr.value);
    return (value) => elementAt(value, index);
  }
  const test = compile(stage.expr, scope);
  return (value, frame, run) => filtered(value, test, frame, run);
}

function elementAt(value: unknown, index: number): unknown {
  const list = isList(value) ? value : [value];
  const element = list[index < 0 ? list.length + index : index];
  if (isList(element)) return element;
  return element === undefined ? sequenceOf() : sequenceOf(element);
}

function filtered(value: unknown, test: Closure, frame: Frame | undefined, run: Run): Sequence {
  const list = isList(value) ? value : [value];
  const kept = sequenceOf();
  for (const [index, element] of list.entries()) {
    const outcome = test(element, frame, run);
    const indexes = indexesIn(outcome);
    if (indexes) addAtIndex(kept, element, index, list.length, indexes);
    else if (isTruthy(outcome)) add(kept, element);
  }
  return kept;
}

/** A number, or a list of nothing but numbers. */
function indexesIn(outcome: unknown): readonly number[] | undefined {
  if (isNumeric(outcome)) return [outcome];
  return isList(outcome) && outcome.every((one) => isNumeric(one)) ? outcome : undefined;
}

function addAtIndex(kept: Sequence, element: unknown, index: number, length: number, indexes: readonly number[]): void {
  for (const wanted of indexes) {
    const floor = Math.floor(wanted);
    if ((floor < 0 ? length + floor : floor) === index) add(kept, element);
  }
}
