// Leaves somebody alone who keeps failing: five times in two minutes, and for half a minute nobody asks.

const WINDOW_MS = 120_000;
export const MOST_FAILURES = 5;
export const PAUSE_MS = 30_000;

/** `now`: milliseconds, by whatever clock, always the same. */
export class Breaker {
  private failures: readonly number[] = [];
  private openUntil: number | undefined;
  private isProbing = false;

  /** Whether it may be asked. After the pause one is let through; what comes of it decides. */
  mayAsk(now: number): boolean {
    if (this.openUntil === undefined) return true;
    if (now < this.openUntil || this.isProbing) return false;
    this.isProbing = true;
    return true;
  }

  isOpen(now: number): boolean {
    return this.openUntil !== undefined && (now < this.openUntil || this.isProbing);
  }

  worked(): void {
    this.failures = [];
    this.openUntil = undefined;
    this.isProbing = false;
  }

  /** True: from now on it is left alone. What was asked before that, and fails later, is no news. */
  failed(now: number): boolean {
    if (this.openUntil !== undefined && !this.isProbing) return false;
    this.failures = [...this.failures.filter((at) => now - at < WINDOW_MS), now];
    if (!this.isProbing && this.failures.length < MOST_FAILURES) return false;
    this.openUntil = now + PAUSE_MS;
    this.isProbing = false;
    this.failures = [];
    return true;
  }
}
