// Waiting in a test until something holds, and no longer than a while.
import { setTimeout as delay } from "node:timers/promises";

/** `true`; where it does not come to that, it rejects. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<boolean> {
  for (const last = Date.now() + withinMs; !(await holds()); await delay(5)) {
    if (Date.now() > last) throw new Error(`it did not come to that within ${withinMs} ms: ${String(holds)}`);
  }
  return true;
}
