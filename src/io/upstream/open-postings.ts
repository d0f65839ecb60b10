// The requests that a server has not answered yet, and the few whose responses go on after their answer.
import { IdTable } from "../../dispatch/peers/id-table.ts";
import type { Posting } from "./posting.ts";

/** More streams than these that go on after their answer are cut, the oldest first. */
const MAX_LINGERING = 8;

export class OpenPostings {
  private readonly open = new IdTable<Posting, number>();
  private lastNumber = 0;
  private readonly lingering: Posting[] = [];

  add(posting: Posting): void {
    this.lastNumber += 1;
    posting.number = this.lastNumber;
    this.open.set(posting.number, posting);
  }

  /** There will be no answer. */
  delete(posting: Posting): void {
    this.open.delete(posting.number);
  }

  answered(posting: Posting): void {
    this.open.delete(posting.number);
    this.lingering.push(posting);
    if (this.lingering.length > MAX_LINGERING) this.lingering.shift()?.stop();
  }

  /** Nobody waits for it any more. `id`: raw JSON text. */
  drop(id: string): void {
    for (const posting of this.open.values()) if (posting.message.id === id) this.stop(posting);
  }

  stopAll(): void {
    for (const posting of this.open.values()) this.stop(posting);
  }

  /** Of those that are open now. */
  those(isMeant: (posting: Posting) => boolean): readonly Posting[] {
    return this.open.values().filter(isMeant);
  }

  stop(posting: Posting): void {
    posting.stop();
    this.open.delete(posting.number);
  }
}
