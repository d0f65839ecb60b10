// JSONata's lists: those that came of selecting things (sequences) lose their brackets when they hold one thing or none.
import { MOST_ITEMS } from "../jsonata/jsonata-limits.ts";
import { JsonataError } from "./jsonata-error.ts";

export class Sequence extends Array<unknown> {
  /** `[]` was written behind what made it: its brackets stay. */
  keepsSingleton = false;
  /** Around an input that is a list itself, so that it is one thing. */
  isOuterWrapper = false;

  /** What is made of a sequence by list functions is an ordinary list. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

export function sequenceOf(...values: readonly unknown[]): Sequence {
  const sequence = new Sequence();
  for (const value of values) add(sequence, value);
  return sequence;
}

export function add(sequence: Sequence, value: unknown): void {
  if (sequence.length >= MOST_ITEMS) throw new JsonataError("D2015");
  sequence.push(value);
}

/** Lists written as `[…]` that stand at the end of a path keep their brackets there. */
const constructed = new WeakSet<readonly unknown[]>();

export function markConstructed(list: readonly unknown[]): void {
  constructed.add(list);
}

export function isConstructed(list: readonly unknown[]): boolean {
  return constructed.has(list);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** What every node's outcome goes through in the end. */
export function settled(value: unknown, keepsSingleton: boolean): unknown {
  if (!(value instanceof Sequence)) return value;
  if (keepsSingleton) value.keepsSingleton = true;
  if (value.length === 0) return undefined;
  return value.length === 1 && !value.keepsSingleton ? value[0] : value;
}

/** `$append`, and how items of a list constructor come together. */
export function appended(one: unknown, other: unknown): unknown {
  if (one === undefined) return other;
  if (other === undefined) return one;
  const first = isList(one) ? one : [one];
  const second = isList(other) ? other : [other];
  if (first.length + second.length > MOST_ITEMS) throw new JsonataError("D2015");
  return [...first, ...second];
}
