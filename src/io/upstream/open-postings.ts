// The requests that a server has not answered yet, and the few whose responses go on after their answer.
import type { Posting } from "./posting.ts";

/** More streams than these that go on after their answer are cut, the oldest first. */
const MAX_LINGERING = 8;

export class OpenPostings {
  private readonly open = new Set<Posting>();
  private readonly lingering: Posting[] = [];

  add(posting: Posting): void {
    this.open.add(posting);
  }

  /** There will be no answer. */
  delete(posting: Posting): void {
    this.open.delete(posting);
  }

  answered(posting: Posting): void {
    this.open.delete(posting);
    this.lingering.push(posting);
    if (this.lingering.length > MAX_LINGERING) this.lingering.shift()?.stop();
  }

  /** Nobody waits for it any more. `id`: raw JSON text. */
  drop(id: string): void {
    for (const posting of this.open) if (posting.message.id === id) this.stop(posting);
  }

  stopAll(): void {
    for (const posting of this.open) this.stop(posting);
  }

  /** Of those that are open now. */
  those(isMeant: (posting: Posting) => boolean): readonly Posting[] {
    return [...this.open].filter(isMeant);
  }

  stop(posting: Posting): void {
    posting.stop();
    this.open.delete(posting);
  }
}
