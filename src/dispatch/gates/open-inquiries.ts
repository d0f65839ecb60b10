// Replies that wait for what clients' own models say of them: how many there are for one principal, since each takes room in the store.

/** What comes on top of it goes on as it is. */
const MOST = 64;

interface Waiting {
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export class OpenInquiries {
  /** By where it is kept. */
  private readonly waiting = new Map<string, Waiting>();

  /** Those whose time has run out do not count. */
  hasRoom(subject: string, now: number): boolean {
    for (const [key, { until }] of this.waiting) if (until < now) this.waiting.delete(key);
    return [...this.waiting.values()].filter((one) => one.subject === subject).length < MOST;
  }

  add(subject: string, key: string, until: number): void {
    this.waiting.set(key, { subject, until });
  }

  remove(key: string): void {
    this.waiting.delete(key);
  }
}
