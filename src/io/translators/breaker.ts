// Leaves somebody alone who keeps failing: five times in two minutes, and for half a minute nobody asks.

const WINDOW_MS = 120_000;
const MOST_FAILURES = 5;
const OPEN_MS = 30_000;

export class Breaker {
  private failures: number[] = [];
  private openUntil = 0;
  private isProbing = false;

  /** Whether it may be asked. After the pause one is let through; what comes of it decides. */
  mayAsk(now: number): boolean {
    if (this.openUntil === 0) return true;
    if (now < this.openUntil || this.isProbing) return false;
    this.isProbing = true;
    return true;
  }

  isOpen(now: number): boolean {
    return this.openUntil !== 0 && (now < this.openUntil || this.isProbing);
  }

  worked(): void {
    this.failures = [];
    this.openUntil = 0;
    this.isProbing = false;
  }

  failed(now: number): void {
    this.failures = [...this.failures.filter((at) => now - at < WINDOW_MS), now];
    if (!this.isProbing && this.failures.length < MOST_FAILURES) return;
    this.openUntil = now + OPEN_MS;
    this.isProbing = false;
    this.failures = [];
  }
}
