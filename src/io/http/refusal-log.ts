// Who is turned away at the door, for the log: the first time at once, and then how often, so that nobody floods it.

/** How often what came since is told. In milliseconds. */
const TELL_EVERY = 10_000;
/** Of one kind and from one address each; what else there is, is counted together. */
const MOST = 20;

interface Turned {
  /** Since it was last told. */
  count: number;
}

export class RefusalLog {
  private readonly report: (text: string) => void;
  private readonly turned = new Map<string, Turned>();
  /** All that found no place. */
  private others = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(report: (text: string) => void) {
    this.report = report;
  }

  /** `why`: status and reason, with nothing that a client has said. */
  add(address: string | undefined, why: { readonly status: number; readonly reason: string }): void {
    const about = `from ${address ?? "a client that is gone"} (${why.status}): ${why.reason}`;
    const known = this.turned.get(about);
    if (known !== undefined) known.count += 1;
    else if (this.turned.size >= MOST) this.others += 1;
    else {
      this.turned.set(about, { count: 0 });
      this.report(`refused a request ${about}`);
    }
    this.timer ??= setTimeout(() => this.tell(), TELL_EVERY).unref();
  }

  /** What was counted and not told yet is told. */
  close(): void {
    this.tell();
    clearTimeout(this.timer);
  }

  private tell(): void {
    for (const [about, turned] of this.turned) {
      if (turned.count === 0) this.turned.delete(about);
      else this.report(`refused ${counted(turned.count)} ${about}`);
      turned.count = 0;
    }
    if (this.others > 0) this.report(`refused ${counted(this.others)} from others`);
    this.others = 0;
    this.timer = this.turned.size === 0 ? undefined : setTimeout(() => this.tell(), TELL_EVERY).unref();
  }
}

function counted(count: number): string {
  return count === 1 ? "one more request" : `${count} more requests`;
}
