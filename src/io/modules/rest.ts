// The rest that a host is given when it fails too often: it is asked nothing until it can be listed again.
import { Breaker, MOST_FAILURES, PAUSE_MS } from "../breaker.ts";
import type { ModuleMeter } from "./meter.ts";

interface Surroundings {
  /** Says whether it rests just now. */
  readonly meter: ModuleMeter;
  readonly warn: (text: string) => void;
  readonly canBeListed: () => Promise<boolean>;
  /** The host is to be ended. */
  readonly signal: AbortSignal;
}

/** No message is let through to find out: to be listed changes nothing. */
export class Rest {
  private readonly breaker = new Breaker();
  private timer: NodeJS.Timeout | undefined;
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
    around.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  failed(): void {
    const { meter, warn, signal } = this.around;
    if (signal.aborted || !this.breaker.failed(performance.now())) return;
    meter.isBreakerOpen = true;
    warn(`it failed ${MOST_FAILURES} times, and is asked nothing for ${PAUSE_MS / 1000} s`);
    this.tryLater();
  }

  end(): void {
    this.breaker.worked();
    clearTimeout(this.timer);
    this.around.meter.isBreakerOpen = false;
  }

  private tryLater(): void {
    this.timer = setTimeout(() => void this.try(), PAUSE_MS).unref();
  }

  private async try(): Promise<void> {
    const { meter, canBeListed, signal } = this.around;
    if (await canBeListed()) this.end();
    else if (!signal.aborted && meter.isBreakerOpen) this.tryLater();
  }
}
