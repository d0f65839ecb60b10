// The timers that the dispatcher has set, by their numbers.
import type { Command } from "../dispatch/event.ts";

type SetTimer = Extract<Command, { readonly kind: "set-timer" }>;

export class Timers {
  private readonly running = new Map<number, NodeJS.Timeout>();
  private readonly fired: (timer: number) => void;

  constructor(fired: (timer: number) => void) {
    this.fired = fired;
  }

  set({ timer, afterMs, spreadMs = 0 }: SetTimer): void {
    const fire = (): void => {
      this.running.delete(timer);
      this.fired(timer);
    };
    this.running.set(timer, setTimeout(fire, afterMs + Math.random() * spreadMs));
  }

  clear(timer: number): void {
    clearTimeout(this.running.get(timer));
    this.running.delete(timer);
  }

  clearAll(): void {
    for (const timer of this.running.values()) clearTimeout(timer);
    this.running.clear();
  }
}
