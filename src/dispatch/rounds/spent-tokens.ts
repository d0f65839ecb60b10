// Tokens that are good once: those that were used already, for as long as they would be good.

/** Those that have run out are cleared away when there are so many. */
const MANY = 1000;

export class SpentTokens {
  /** Until when each would have been good, in milliseconds since 1970. */
  private readonly spent = new Map<string, number>();

  /** False: it was used before. */
  spend(token: string, goodUntil: number, now: number): boolean {
    if (this.spent.has(token)) return false;
    if (this.spent.size >= MANY) for (const [old, until] of this.spent) if (until < now) this.spent.delete(old);
    this.spent.set(token, goodUntil);
    return true;
  }
}
