// What clients say of themselves in `initialize`, read once for all that say the very same: many sessions are of one kind of client.
import type { Content } from "../../engine/decision.ts";
import { parseContent } from "../../message/content.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { type Greeting, greetingOf } from "./greeting.ts";

export class Saying {
  readonly envelope: RequestEnvelope;
  readonly content: Content;
  private made: { readonly greeting: Greeting | undefined } | undefined;

  constructor(envelope: RequestEnvelope) {
    this.envelope = envelope;
    this.content = parseContent(envelope);
  }

  /** What servers are greeted with where no rule looked into it. */
  get greeting(): Greeting | undefined {
    this.made ??= { greeting: greetingOf(this.envelope, this.content, this.content, "legacy") };
    return this.made.greeting;
  }

  /** Byte for byte, but for the id. */
  isSaidIn(other: RequestEnvelope): boolean {
    const [mine, theirs] = [this.envelope.idRange, other.idRange];
    const [own, bytes] = [this.envelope.bytes, other.bytes];
    return (
      own.compare(bytes, 0, theirs.start, 0, mine.start) === 0 &&
      own.compare(bytes, theirs.end, bytes.length, mine.end, own.length) === 0
    );
  }
}

export class Sayings {
  private last: Saying | undefined;

  /** The one that was the same, if it came just before. */
  of(envelope: RequestEnvelope): Saying {
    if (this.last?.isSaidIn(envelope) !== true) this.last = new Saying(envelope);
    return this.last;
  }
}
