// What is counted of one module: for the metrics, and for `mcprules modules`.
import type { ModuleFailure } from "../../engine/need.ts";

/** Seconds. */
export const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Changed by whoever has it. */
export class ModuleMeter {
  calls = 0;
  readonly failures = new Map<ModuleFailure, number>();
  /** How many took no longer than each bound, and longer than the one before. */
  readonly buckets: number[] = BOUNDS.map(() => 0);
  seconds = 0;
  inFlight = 0;
  restarts = 0;
  late = 0;
  isBreakerOpen = false;

  done(seconds: number, failure: ModuleFailure | undefined): void {
    this.calls += 1;
    this.seconds += seconds;
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    if (bucket !== -1) this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    if (failure !== undefined) this.failures.set(failure, (this.failures.get(failure) ?? 0) + 1);
  }
}
