// Messages that wait at the door while servers do not take what they were sent before.

export class HeldMessages {
  private readonly most: number;
  private readonly held: (() => void)[] = [];
  private isPaused = false;

  constructor(most: number) {
    this.most = most;
  }

  /** Whatever comes now is done at once. */
  get isOpen(): boolean {
    return !this.isPaused && this.held.length === 0;
  }

  /** Does it now, or when its turn comes. False: neither, since too much waits already. */
  pass(deliver: () => void): boolean {
    if (this.isPaused && this.held.length >= this.most) return false;
    if (this.isOpen) deliver();
    else this.held.push(deliver);
    return true;
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    // Not within the switchboard's own turn, which may pause us again.
    if (!isPaused && this.held.length > 0) setImmediate(() => this.deliver());
  }

  private deliver(): void {
    while (!this.isPaused) {
      const next = this.held.shift();
      if (next === undefined) return;
      next();
    }
  }
}
