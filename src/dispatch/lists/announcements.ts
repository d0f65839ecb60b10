// Which lists a client has to be told are others: once for all that changed, when it can be seen, and not of a list that it is about to get.
import type { ServerLink } from "../peers/server-link.ts";

export class Announcements {
  /** By their notifications. */
  private readonly due = new Set<string>();
  /** Of the lists the client is about to get: it need not be told that they are others. */
  private readonly beingServed: string[] = [];

  /** A list is another, whatever else the client is about to hear of it. */
  add(changed: string): void {
    this.due.add(changed);
  }

  /** What names a list shows is other than before. */
  addUnlessServed(changed: string): void {
    if (!this.beingServed.includes(changed)) this.due.add(changed);
  }

  /** The client is about to get it, until what is returned is called. */
  serve(changed: string): () => void {
    this.beingServed.push(changed);
    return () => void this.beingServed.splice(this.beingServed.indexOf(changed), 1);
  }

  /** A list that is being read again is told of when it is there. */
  tell(announce: (changed: string) => void, links: readonly ServerLink[]): void {
    for (const changed of this.due) {
      const isUnderway = links.some((link) =>
        link.allLists.some((list) => list.facts.changed === changed && list.isFetching),
      );
      if (isUnderway) continue;
      this.due.delete(changed);
      announce(changed);
    }
  }
}
