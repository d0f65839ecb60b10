// One stream of messages to a client: the response to a POST, as JSON or as events, or what no request brought about.
import type { MessageBytes } from "../../dispatch/event.ts";
import { notFound, refuse } from "./refusal.ts";
import { eventId, type KeptEvent, type ReplayMemory } from "./replay-memory.ts";
import type { ClientResponse } from "./request-and-response.ts";
import { messageEvent, openEventStream, primingEvent, writePieces } from "./server-sent-events.ts";

/** Who still waits then for an answer that could be any. */
const OVER = notFound("this session is over");

/** The stream that belongs to no request. */
export const STANDALONE = 0;

/** What a stream needs of the session it belongs to. */
export interface StreamHost {
  /** `undefined`: who loses its connection cannot come back. */
  readonly memory: ReplayMemory | undefined;
  /** Whether the client can read an event without data (since 2025-11-25). */
  readonly hasPriming: boolean;
  /** Something was written: it may be more than the client takes for now. */
  wrote(response: ClientResponse): void;
}

export interface StreamOptions {
  /** Headers of its response, once the answer is known, or `undefined` while it is not. */
  headers?(answer: MessageBytes | undefined): Readonly<Record<string, string>>;
  /** The HTTP status of a JSON answer. */
  status?(answer: MessageBytes): number;
}

export class EventStream {
  readonly number: number;
  readonly since = Date.now();
  isDone = false;
  private readonly host: StreamHost;
  private readonly options: StreamOptions;
  /** The newest is the last, and gets what is sent. */
  private responses: ClientResponse[] = [];
  private isEventStream: boolean;
  private waiting: MessageBytes[] = [];
  private lastEvent = 0;
  /** The last event that was written to some response. */
  private lastWritten = 0;

  constructor(number: number, host: StreamHost, options: StreamOptions = {}) {
    this.number = number;
    this.host = host;
    this.options = options;
    this.isEventStream = number === STANDALONE;
  }

  /** Nothing was written yet, so it may still become a JSON answer. */
  get isUndecided(): boolean {
    return !this.isEventStream && this.responses.length > 0;
  }

  get live(): readonly ClientResponse[] {
    return this.responses;
  }

  /** Where a POST is answered. */
  attach(response: ClientResponse): void {
    this.responses = [response];
  }

  /** A GET: what came after event `after`, and what will come. */
  resume(response: ClientResponse, after: number | undefined): void {
    this.becomeEventStream();
    openEventStream(response);
    this.responses.push(response);
    for (const event of this.host.memory?.after(this.number, after ?? this.lastWritten) ?? []) this.write(event);
    this.endWhenDone();
  }

  detach(response: ClientResponse): void {
    this.responses = this.responses.filter((one) => one !== response);
  }

  /** Mostly there is one: an array that is made for one takes a tenth of what an empty one grows to. */
  send(message: MessageBytes): void {
    if (this.waiting.length === 0) this.waiting = [message];
    else this.waiting.push(message);
  }

  flush(): void {
    if (this.isUndecided && this.isDone && this.waiting.length < 2) this.answer(this.waiting.pop());
    else if (this.waiting.length > 0) this.sendEvents();
    this.endWhenDone();
  }

  /** From now on what comes are events, and the client hears from us. */
  becomeEventStream(): void {
    if (this.isEventStream) return;
    this.isEventStream = true;
    const [response] = this.responses;
    if (response === undefined) return;
    openEventStream(response, this.options.headers?.(undefined));
    if (this.host.memory !== undefined && this.host.hasPriming) response.write(primingEvent(eventId(this.number, 0)));
  }

  end(): void {
    const { responses, isUndecided } = this;
    // Whoever hears that one is closed finds that nobody lost anything.
    this.responses = [];
    for (const response of responses) {
      if (isUndecided) refuse(response, OVER);
      else response.end();
    }
  }

  private answer(message: MessageBytes | undefined): void {
    const [response] = this.responses;
    this.responses = [];
    if (response === undefined) return;
    if (message === undefined) {
      response.writeHead(202, { "content-length": 0 });
      response.end();
      return;
    }
    let length = 0;
    for (const piece of message) length += piece.length;
    const headers = this.options.headers?.(message);
    const status = this.options.status?.(message) ?? 200;
    response.writeHead(status, { ...headers, "content-type": "application/json", "content-length": length });
    response.cork();
    for (const piece of message) response.write(piece);
    response.end();
    this.host.wrote(response);
  }

  private sendEvents(): void {
    this.becomeEventStream();
    const { memory } = this.host;
    for (const message of this.waiting) {
      this.lastEvent += 1;
      // One copy: a small message would keep all of the chunk alive that it came in.
      const event = { stream: this.number, number: this.lastEvent, message: [Buffer.concat(message)] };
      memory?.keep(event);
      this.write(event);
    }
    this.waiting = [];
  }

  private write({ number, message }: KeptEvent): void {
    const response = this.responses.at(-1);
    if (response === undefined) return;
    this.lastWritten = Math.max(this.lastWritten, number);
    const id = this.host.memory === undefined ? undefined : eventId(this.number, number);
    writePieces(response, messageEvent(id, message));
    this.host.wrote(response);
  }

  private endWhenDone(): void {
    if (this.isDone) this.end();
  }
}
