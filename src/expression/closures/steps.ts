// The count of one evaluation: what it may take in all, and what it may build. It runs where nothing can end it.
import { LimitExceeded, LONGEST_TEXT, MOST_ITEMS, MOST_STEPS } from "../jsonata/jsonata-limits.ts";
import type { Run } from "./function-value.ts";

export function tick(run: Run, steps: number): void {
  run.steps += steps;
  if (run.steps > MOST_STEPS) throw new LimitExceeded(`it took more than ${MOST_STEPS} steps`);
}

/** Texts and lists that are gone through count too; so many characters or elements are as much work as one step. */
const CHARACTERS_PER_STEP = 4096;
const ELEMENTS_PER_STEP = 256;
const VALUES_PER_STEP = 64;

export function tickForArguments(run: Run, values: readonly unknown[]): void {
  let steps = 0;
  for (const value of values) {
    if (typeof value === "string") steps += Math.floor(value.length / CHARACTERS_PER_STEP);
    else if (Array.isArray(value)) steps += Math.floor(value.length / ELEMENTS_PER_STEP);
  }
  if (steps > 0) tick(run, steps);
}

export function tickForValues(run: Run, values: number): void {
  tick(run, Math.floor(values / VALUES_PER_STEP));
}

/** Every value within it, itself included; counted as far as `most`. */
export function valuesIn(value: unknown, most: number): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const member of Object.values(value)) {
    count += valuesIn(member, most - count);
    if (count > most) return count;
  }
  return count;
}

/** UTF-16 units in all, of texts that were not there before; an element of a list or object counts as eight. */
const MOST_BUILT = 32 << 20;
const UNITS_PER_ELEMENT = 8;

export function built<T>(value: T, run: Run): T {
  if (typeof value === "string") {
    if (value.length > LONGEST_TEXT) throw new LimitExceeded("a text of more than 1 MiB");
    spend(run, value.length);
  } else if (Array.isArray(value)) {
    if (value.length > MOST_ITEMS) throw new LimitExceeded(`more than ${MOST_ITEMS} items`);
    spend(run, value.length * UNITS_PER_ELEMENT);
  } else if (typeof value === "object" && value !== null) {
    spend(run, Object.keys(value).length * UNITS_PER_ELEMENT);
  }
  return value;
}

function spend(run: Run, units: number): void {
  run.built += units;
  if (run.built > MOST_BUILT) throw new LimitExceeded("it builds too much in all");
}
