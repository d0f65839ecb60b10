// The answers to what came on one stream of a client (one HTTP request), counted, so that its response can end.
import type { MessageBytes } from "../event.ts";

export class StreamAnswers {
  private missing = 0;
  private isSealed = false;
  private readonly send: (bytes: MessageBytes) => void;
  private readonly done: () => void;

  constructor(send: (bytes: MessageBytes) => void, done: () => void) {
    this.send = send;
    this.done = done;
  }

  /** One more answer is to be waited for. */
  expect(): void {
    this.missing += 1;
  }

  /** `undefined`: there will be none, since it was cancelled. */
  add(answer: MessageBytes | undefined): void {
    if (answer !== undefined) this.send(answer);
    this.missing -= 1;
    this.endWhenDone();
  }

  /** Everything that came on the stream was read. */
  seal(): void {
    this.isSealed = true;
    this.endWhenDone();
  }

  private endWhenDone(): void {
    if (this.isSealed && this.missing === 0) this.done();
  }
}
