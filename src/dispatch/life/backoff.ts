// How long to wait before a server that ended is started again: a moment at first, and twice as long each time it fails.
import type { RestartOptions } from "./life-options.ts";

/** A server that was ready for so long is healthy: what happened before does not count any more. In milliseconds. */
const HEALTHY = 60_000;

/** Of the wait, this share is added at random: what failed together does not come back together. */
const SPREAD = 0.25;

export interface Wait {
  readonly afterMs: number;
  /** Up to so many more, at random. */
  readonly spreadMs: number;
}

export class Backoff {
  private readonly options: RestartOptions;
  private nextMs: number;
  private readySince: number | undefined;

  constructor(options: RestartOptions) {
    this.options = options;
    this.nextMs = options.minMs;
  }

  /** It can be used from now on. */
  ready(now: number): void {
    this.readySince = now;
  }

  /** It has ended, or could not be started. */
  failed(now: number): Wait {
    const { minMs, maxMs } = this.options;
    if (this.readySince !== undefined && now - this.readySince >= HEALTHY) this.nextMs = minMs;
    this.readySince = undefined;
    const afterMs = Math.min(this.nextMs, maxMs);
    this.nextMs = Math.min(afterMs * 2, maxMs);
    return { afterMs, spreadMs: Math.round(afterMs * SPREAD) };
  }
}
