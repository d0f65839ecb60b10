// One direction of one connection: a notification overtakes nothing, nothing overtakes it; requests and replies do not wait for each other.

/** A message that has to wait, and what to do with it then. `isOrdered`: it is a notification. */
export interface Waiting {
  readonly isOrdered: boolean;
  readonly start: () => void;
}

/** Only messages that wait for an answer from outside hold it; while none does, everything goes straight through. */
export class Lane {
  private held = 0;
  private orderedHeld = 0;
  private readonly queue: Waiting[] = [];

  /** Runs `start` as soon as its turn comes: at once, if nothing before it is in the way. */
  enter(isOrdered: boolean, start: () => void): void {
    if (this.isFree(isOrdered)) start();
    else this.queue.push({ isOrdered, start });
  }

  /** Nothing of it is under way, and nothing waits. */
  get isIdle(): boolean {
    return this.held === 0 && this.queue.length === 0;
  }

  isFree(isOrdered: boolean): boolean {
    if (this.queue.length > 0) return false;
    return isOrdered ? this.held === 0 : this.orderedHeld === 0;
  }

  /** The message at hand has to wait. The function that is returned says that it has gone on. */
  hold(isOrdered: boolean): () => void {
    this.held += 1;
    if (isOrdered) this.orderedHeld += 1;
    return () => {
      this.held -= 1;
      if (isOrdered) this.orderedHeld -= 1;
      this.advance();
    };
  }

  private advance(): void {
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      if (next.isOrdered ? this.held > 0 : this.orderedHeld > 0) return;
      this.queue.shift();
      next.start();
    }
  }
}
