// The rest that a host is given when it fails too often: it is asked nothing until it can be listed again.
import type { ModuleMeter } from "./meter.ts";

const FAILURES = 5;
const WITHIN_MS = 120_000;
const REST_MS = 30_000;

interface Surroundings {
  /** Says whether it rests just now. */
  readonly meter: ModuleMeter;
  readonly warn: (text: string) => void;
  readonly canBeListed: () => Promise<boolean>;
  /** The host is to be ended. */
  readonly signal: AbortSignal;
}

export class Rest {
  private failures: number[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
    around.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  failed(): void {
    const { meter, warn, signal } = this.around;
    const now = performance.now();
    this.failures = [...this.failures.filter((at) => now - at < WITHIN_MS), now];
    if (this.failures.length < FAILURES || meter.isBreakerOpen || signal.aborted) return;
    meter.isBreakerOpen = true;
    warn(`it failed ${String(FAILURES)} times, and is asked nothing for 30 s`);
    this.tryLater();
  }

  end(): void {
    this.failures = [];
    clearTimeout(this.timer);
    this.around.meter.isBreakerOpen = false;
  }

  private tryLater(): void {
    this.timer = setTimeout(() => void this.try(), REST_MS).unref();
  }

  private async try(): Promise<void> {
    const { meter, canBeListed, signal } = this.around;
    if (await canBeListed()) this.end();
    else if (!signal.aborted && meter.isBreakerOpen) this.tryLater();
  }
}
