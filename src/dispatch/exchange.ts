// One request and the one answer it gets, whatever happens in between.
import type { JsonValue } from "../mcp/json.ts";
import { composeError, composeResult } from "../message/compose.ts";
import type { MessageBytes } from "./event.ts";
import type { Placement } from "./placement.ts";

/** An answer, ready to be sent, and what can be said of it without reading it again. */
export interface Answered {
  readonly bytes: MessageBytes;
  /** `undefined`: it is a result. */
  readonly code: number | undefined;
}

/** Where a request went, and under which id. */
export interface Sent {
  /** `undefined`: to the client. */
  readonly server: string | undefined;
  readonly id: string;
  /** Sends something about it the same way. */
  send(bytes: MessageBytes): void;
  /** Its answer is not awaited any more; should it come, it is dropped. */
  forget(): void;
}

const NO_PARTS: readonly Exchange[] = [];

export class Exchange {
  /** The asker's own id, as raw JSON text. */
  readonly id: string;
  /** Where the asker's progress token stands in its request, and what it is. */
  readonly token: Placement | undefined;
  /** `undefined` while it is on its way, or answered by the proxy. */
  sent: Sent | undefined;
  /** Over HTTP: the client's stream that it belongs to, whoever asks. */
  stream: number | undefined;
  /** The same question put to several servers. */
  parts: readonly Exchange[] = NO_PARTS;
  private isOpen = true;
  private readonly deliver: (answer: Answered | undefined) => void;

  /** `deliver` gets the answer, or `undefined` when nobody wants it any more; once. */
  constructor(id: string, token: Placement | undefined, deliver: (answer: Answered | undefined) => void) {
    this.id = id;
    this.token = token;
    this.deliver = deliver;
  }

  /** False: it is answered or cancelled, and nothing has to be done for it any more. */
  get isWanted(): boolean {
    return this.isOpen;
  }

  answer(bytes: MessageBytes, code?: number): void {
    this.close({ bytes, code });
  }

  result(value: JsonValue): void {
    this.answer([composeResult(this.id, value)]);
  }

  error(code: number, message: string, details?: JsonValue): void {
    this.answer([composeError(this.id, code, message, details)], code);
  }

  /** Nobody waits for an answer any more. */
  cancel(): void {
    for (const part of this.parts) part.cancel();
    this.close(undefined);
  }

  /** The same question, to be put to one of several servers; `deliver` weighs its answer. */
  part(deliver: (answer: Answered | undefined) => void): Exchange {
    const part = new Exchange(this.id, this.token, deliver);
    part.stream = this.stream;
    this.parts = [...this.parts, part];
    return part;
  }

  private close(answer: Answered | undefined): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.sent?.forget();
    this.deliver(answer);
  }
}
