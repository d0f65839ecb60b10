// How many calls of one module are under way at once, and how many wait.

export class Turnstile {
  private readonly most: number;
  private readonly queue: number;
  private readonly waiting: ((mayGo: boolean) => void)[] = [];
  private inside = 0;

  constructor({ maxConcurrent, queue }: { readonly maxConcurrent: number; readonly queue: number }) {
    this.most = maxConcurrent;
    this.queue = queue;
  }

  /** `full`: too many wait already. `late`: the time ran out before there was room. After `in`, say when it is over. */
  enter(withinMs: number): Promise<"in" | "full" | "late"> {
    if (this.inside < this.most) {
      this.inside += 1;
      return Promise.resolve("in");
    }
    if (this.waiting.length >= this.queue) return Promise.resolve("full");
    return new Promise((resolve) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve("in");
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        resolve("late");
      }, withinMs);
      this.waiting.push(enter);
    });
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.inside -= 1;
    else next(true);
  }
}
