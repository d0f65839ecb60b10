// What belongs to a call as a whole, however many rounds it takes, servers it goes to, or times it is judged.

export class LogicalCall {
  /** Keys of the limits that it has its share of, or need not have one of any more. */
  readonly counted = new Set<string>();
  /** What waits until it is known whether it has its share of others. */
  private waiting: (() => void)[] | undefined;

  /** Runs `count` when no other one for this call is under way; it says, once, when it is done. */
  countInTurn(count: (done: () => void) => void): void {
    if (this.waiting !== undefined) {
      this.waiting.push(() => this.countInTurn(count));
      return;
    }
    this.waiting = [];
    count(() => {
      const next = this.waiting ?? [];
      this.waiting = undefined;
      for (const start of next) start();
    });
  }
}
