// The answers to the requests of one batch (2025-03-26), collected into one array.
import type { MessageBytes } from "./event.ts";

const OPEN = Buffer.from("[");
const COMMA = Buffer.from(",");
const CLOSE = Buffer.from("]");

export class BatchReply {
  private missing = 0;
  private isSealed = false;
  private readonly pieces: Buffer[] = [];
  private readonly send: (bytes: MessageBytes) => void;

  constructor(send: (bytes: MessageBytes) => void) {
    this.send = send;
  }

  /** One more answer is to be waited for. */
  expect(): void {
    this.missing += 1;
  }

  /** `undefined`: there will be none, since it was cancelled. */
  add(answer: MessageBytes | undefined): void {
    if (answer !== undefined) this.pieces.push(this.pieces.length === 0 ? OPEN : COMMA, ...answer);
    this.missing -= 1;
    this.sendWhenWhole();
  }

  /** All entries were read. A batch without requests gets no answer at all (JSON-RPC 2.0, section 6). */
  seal(): void {
    this.isSealed = true;
    this.sendWhenWhole();
  }

  private sendWhenWhole(): void {
    if (!this.isSealed || this.missing > 0 || this.pieces.length === 0) return;
    this.send([...this.pieces, CLOSE]);
  }
}
