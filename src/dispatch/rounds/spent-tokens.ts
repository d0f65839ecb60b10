// Tokens that are good once: those that were used already, for as long as they would be good.
import type { Outside } from "../outside.ts";

/** Those that have run out are cleared away when there are so many. */
const MANY = 1000;

export interface Token {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly goodUntil: number;
}

/** `unknown`: it is not for want of asking. */
export type Use = "first" | "again" | "unknown";

export class SpentTokens {
  /** Until when each would have been good, in milliseconds since 1970. */
  private readonly spent = new Map<string, number>();

  /** Here, and in the store as well, where other proxies take the same tokens. False: `then` is called later. */
  spend(outside: Outside, { token, goodUntil }: Token, isShared: boolean, then: (use: Use) => void): boolean {
    const { now } = outside;
    const isFirst = this.spendHere(token, goodUntil, now);
    if (!isFirst || !isShared) {
      then(isFirst ? "first" : "again");
      return true;
    }
    outside.askStore({ kind: "spend", token, forMs: Math.max(1, goodUntil - now) }, (answer) => {
      if (answer.kind === "spent") then(answer.isFirst ? "first" : "again");
      else {
        this.spent.delete(token);
        then("unknown");
      }
    });
    return false;
  }

  private spendHere(token: string, goodUntil: number, now: number): boolean {
    if (this.spent.has(token)) return false;
    if (this.spent.size >= MANY) for (const [old, until] of this.spent) if (until < now) this.spent.delete(old);
    this.spent.set(token, goodUntil);
    return true;
  }
}
