// One request and the one answer it gets, whatever happens in between.
import { INVALID_PARAMS, RESOURCE_NOT_FOUND } from "../../mcp/errors.ts";
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { composeError, composeResult } from "../../message/compose.ts";
import { completeResult } from "../../message/eras/modern-meta.ts";
import type { MessageBytes } from "../event.ts";
import type { Flight } from "../gates/flights.ts";
import { LogicalCall } from "../gates/logical-call.ts";
import type { Greeting } from "../handshake/greeting.ts";
import type { Trace, TraceOutcome } from "../observing/tracing.ts";
import type { Placement } from "../wording/placement.ts";

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

/** Who asks in the modern era: every request says it anew. */
export interface Asker {
  readonly greeting: Greeting;
  /** From which severity on it wants to hear what servers log about this request; `undefined`: nothing. */
  readonly logLevel: string | undefined;
  /** As whom the proxy answers. */
  readonly proxy: JsonObject;
}

const NO_PARTS: readonly Exchange[] = [];

export class Exchange {
  /** The asker's own id, as raw JSON text. Changes where a modern client comes back with a new request for the same call. */
  id: string;
  /** Where the asker's progress token stands in its request, and what it is. Changes with the id. */
  token: Placement | undefined;
  /** `undefined` while it is on its way, or answered by the proxy. */
  sent: Sent | undefined;
  /** Over HTTP: the client's stream that it belongs to, whoever asks. */
  stream: number | undefined;
  /** Until when it waits for its server to be up, once it does; in milliseconds since 1970. */
  waitsUntil: number | undefined;
  /** In the modern era: who asks, as this very request says, after the rules; so it is answered in that era. */
  asker: Asker | undefined;
  /** Where requests are traced: the span of this one. */
  trace: Trace | undefined;
  /** What it is part of, or stands for. */
  whole: Exchange | undefined;
  /** Others wait for its answer. */
  flight: Flight | undefined;
  /** The same question put to several servers. */
  parts: readonly Exchange[] = NO_PARTS;
  private isOpen = true;
  private madeCall: LogicalCall | undefined;
  private readonly deliver: (answer: Answered | undefined) => void;

  /** `deliver` gets the answer, or `undefined` when nobody wants it any more; once. */
  constructor(id: string, token: Placement | undefined, deliver: (answer: Answered | undefined) => void) {
    this.id = id;
    this.token = token;
    this.deliver = deliver;
  }

  /** Few are asked about or counted. */
  get call(): LogicalCall {
    if (this.whole !== undefined) return this.whole.call;
    this.madeCall ??= new LogicalCall();
    return this.madeCall;
  }

  /** False: it is answered or cancelled, and nothing has to be done for it any more. */
  get isWanted(): boolean {
    return this.isOpen;
  }

  answer(bytes: MessageBytes, code?: number): void {
    this.close({ bytes, code });
  }

  result(value: JsonObject): void {
    const { asker } = this;
    this.answer([composeResult(this.id, asker === undefined ? value : completeResult(value, asker.proxy))]);
  }

  error(code: number, message: string, details?: JsonValue): void {
    // The modern era has given that code up (2026-07-28, Basic Protocol, Error Codes).
    const said = this.asker !== undefined && code === RESOURCE_NOT_FOUND ? INVALID_PARAMS : code;
    this.answer([composeError(this.id, said, message, details)], said);
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
    part.asker = this.asker;
    part.whole = this;
    this.parts = [...this.parts, part];
    return part;
  }

  private close(answer: Answered | undefined): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.sent?.forget();
    this.flight?.land(undefined);
    this.trace?.end(outcomeOf(answer));
    this.deliver(answer);
  }
}

function outcomeOf(answer: Answered | undefined): TraceOutcome {
  if (answer === undefined) return { kind: "cancelled" };
  return answer.code === undefined ? { kind: "result" } : { kind: "error", code: answer.code };
}
