// How long one server may take for its answers: one timer for all it was asked, since hardly any request ever runs out of time.
import type { IdTable } from "../peers/id-table.ts";
import type { Outside } from "../outside.ts";
import type { Awaited } from "../peers/peer.ts";

export class Deadlines {
  private readonly awaited: IdTable<Awaited>;
  private readonly outside: Outside;
  private timer: number | undefined;
  private firesAt = Number.POSITIVE_INFINITY;

  constructor(awaited: IdTable<Awaited>, outside: Outside) {
    this.awaited = awaited;
    this.outside = outside;
  }

  /** Something is awaited until `due`, in milliseconds since 1970. What was answered by then costs nothing more. */
  watch(due: number): void {
    if (due >= this.firesAt) return;
    if (this.timer !== undefined) this.outside.cancel(this.timer);
    this.firesAt = due;
    this.timer = this.outside.after(due - this.outside.now, () => this.look());
  }

  private look(): void {
    this.timer = undefined;
    this.firesAt = Number.POSITIVE_INFINITY;
    const { now } = this.outside;
    for (const one of this.awaited.values()) if (one.due !== undefined && one.due <= now) one.onOverdue?.();
    const dues = this.awaited.values().flatMap(({ due }) => due ?? []);
    if (dues.length > 0) this.watch(dues.reduce((first, due) => Math.min(first, due)));
  }
}
