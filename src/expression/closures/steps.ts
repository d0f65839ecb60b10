// The count of one evaluation: what it may take in all, and what it may build.
import { LimitExceeded, LONGEST_TEXT, MOST_ITEMS, MOST_STEPS } from "../jsonata-limits.ts";
import type { Run } from "./function-value.ts";

export function tick(run: Run, steps: number): void {
  run.steps += steps;
  if (run.steps > MOST_STEPS) throw new LimitExceeded(`it took more than ${MOST_STEPS} steps`);
}

/** A text or list that was not there before. */
export function built<T>(value: T): T {
  if (typeof value === "string" && value.length > LONGEST_TEXT) throw new LimitExceeded("a text of more than 1 MiB");
  if (Array.isArray(value) && value.length > MOST_ITEMS) throw new LimitExceeded(`more than ${MOST_ITEMS} items`);
  return value;
}
