// Responses that hold more than their client takes for now: who writes to them waits, and not for ever.
import type { ClientResponse } from "./request-and-response.ts";

/** Bytes that may wait for a client before those who write to it are slowed down. */
const FULL = 1024 * 1024;

/** How long a client may leave what it is sent unread, in milliseconds. */
const PATIENCE = 60_000;

export class Unread {
  /** Made for the first: most clients take what they are sent. */
  private since: Map<ClientResponse, number> | undefined;
  private readonly relieved: () => void;

  /** `relieved`: some response has room again, or is gone. */
  constructor(relieved: () => void) {
    this.relieved = relieved;
  }

  get isAny(): boolean {
    return this.since !== undefined && this.since.size > 0;
  }

  /** Something was written to it. */
  watch(response: ClientResponse): void {
    if (response.writableLength < FULL || this.since?.has(response) === true) return;
    const since = this.since ?? new Map<ClientResponse, number>();
    this.since = since;
    since.set(response, Date.now());
    const relieve = (): void => {
      if (since.delete(response)) this.relieved();
    };
    response.once("drain", relieve);
    response.once("close", relieve);
  }

  /** A client that reads nothing at all is let go. */
  tend(now: number): void {
    for (const [response, since] of this.since ?? []) if (now - since > PATIENCE) response.destroy();
  }
}
