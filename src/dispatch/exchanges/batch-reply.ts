// The answers to the requests of one batch (2025-03-26), collected into one array.
import type { MessageBytes } from "../event.ts";

const OPEN = Buffer.from("[");
const COMMA = Buffer.from(",");
const CLOSE = Buffer.from("]");

export class BatchReply {
  private missing = 0;
  private isSealed = false;
  private readonly pieces: Buffer[] = [];
  private readonly deliver: (answer: MessageBytes | undefined) => void;

  /** `deliver` gets the whole, once; `undefined` when a batch wants no answer (JSON-RPC 2.0, section 6). */
  constructor(deliver: (answer: MessageBytes | undefined) => void) {
    this.deliver = deliver;
  }

  /** One more answer is to be waited for. */
  expect(): void {
    this.missing += 1;
  }

  /** `undefined`: there will be none, since it was cancelled. */
  add(answer: MessageBytes | undefined): void {
    if (answer !== undefined) this.pieces.push(this.pieces.length === 0 ? OPEN : COMMA, ...answer);
    this.missing -= 1;
    this.deliverWhole();
  }

  /** All entries were read. */
  seal(): void {
    this.isSealed = true;
    this.deliverWhole();
  }

  private deliverWhole(): void {
    if (!this.isSealed || this.missing > 0) return;
    this.deliver(this.pieces.length === 0 ? undefined : [...this.pieces, CLOSE]);
  }
}
