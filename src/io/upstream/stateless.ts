// Requests to a server of the modern era (2026-07-28, Streamable HTTP): each is posted by itself, in no session, and its response is all of it.
import { readHeard } from "./heard.ts";
import { OpenPostings } from "./open-postings.ts";
import type { Outgoing } from "./outgoing.ts";
import { Posting, type PostingHost } from "./posting.ts";
import type { TransportParts } from "./transport.ts";

export class StatelessServer implements PostingHost {
  readonly transport: TransportParts;
  /** Responses that were cut are lost: the modern era has no `Last-Event-ID`. */
  readonly listen = undefined;
  private readonly postings = new OpenPostings();

  constructor(transport: TransportParts) {
    this.transport = transport;
  }

  /** `message` has headers. */
  send(message: Outgoing): void {
    const posting = new Posting(this, message, NO_SESSION);
    if (message.id !== undefined) this.postings.add(posting);
    posting.start();
  }

  /** Closes the response: that is how the server learns that nobody waits any more (2026-07-28, Cancellation). */
  abandon(id: string): void {
    this.postings.drop(id);
  }

  accepted(): void {}

  heard({ message }: Posting, bytes: Buffer): boolean {
    const { limits, events } = this.transport;
    const { frame, read, isAnswer } = readHeard(bytes, message.id, limits);
    events.frame(frame, message.id, read);
    return isAnswer;
  }

  done(posting: Posting): void {
    this.postings.answered(posting);
  }

  /** There is none, so this is never told. */
  sessionEnded(): void {}

  lost(posting: Posting, reason: string, status?: number): void {
    const { events } = this.transport;
    const { id } = posting.message;
    this.postings.delete(posting);
    if (id === undefined) events.report(`something it was told got lost: ${reason}`);
    else events.unanswered(id, reason, tellsOfLegacy(status) ? "legacy" : undefined);
    events.chunkDone();
  }
}

const NO_SESSION = {};

/** Refusals that say nothing of what a server speaks: who asks, how often, and what stands in between. */
const OF_OTHER_THINGS: ReadonlySet<number> = new Set([401, 403, 407, 408, 421, 425, 429, 431, 451]);

/** A refusal that is none of a modern server's (2026-07-28, Versioning, Backward Compatibility). */
function tellsOfLegacy(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && !OF_OTHER_THINGS.has(status);
}
