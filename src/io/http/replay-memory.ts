// The last events of one session, for a client that lost its connection and asks for what it missed.
import type { MessageBytes } from "../../dispatch/event.ts";

/** What one session may keep, in bytes; the newest event is kept whatever its size. */
const MOST_BYTES = 1024 * 1024;

export interface KeptEvent {
  readonly stream: number;
  /** Counted from 1 in each stream; 0 is the priming event. */
  readonly number: number;
  readonly message: MessageBytes;
}

export class ReplayMemory {
  private readonly events: KeptEvent[] = [];
  private bytes = 0;

  keep(event: KeptEvent): void {
    this.events.push(event);
    this.bytes += lengthOf(event);
    while (this.bytes > MOST_BYTES && this.events.length > 1) {
      const oldest = this.events.shift();
      if (oldest !== undefined) this.bytes -= lengthOf(oldest);
    }
  }

  /** Those of `stream` after event `number`, in order. */
  after(stream: number, number: number): readonly KeptEvent[] {
    return this.events.filter((event) => event.stream === stream && event.number > number);
  }
}

export function eventId(stream: number, number: number): string {
  return `${stream}.${number}`;
}

/** What `eventId` made of; `undefined`: it did not make this. */
export function readEventId(text: string): { readonly stream: number; readonly number: number } | undefined {
  const [, stream, number] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? [];
  return stream === undefined ? undefined : { stream: Number(stream), number: Number(number) };
}

function lengthOf({ message }: KeptEvent): number {
  return message.reduce((sum, piece) => sum + piece.length, 0);
}
