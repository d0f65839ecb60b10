// The streams of one session, one for each request that came: what is sent on them, their signs of life, and their end.
import type { MessageBytes } from "../../dispatch/event.ts";
import { IdTable } from "../../dispatch/peers/id-table.ts";
import { EventStream, STANDALONE, type StreamHost, type StreamOptions } from "./event-stream.ts";
import type { ClientResponse } from "./request-and-response.ts";
import { keepAlive } from "./server-sent-events.ts";

/** How long a POST waits for a JSON answer before it becomes a stream that shows signs of life, in milliseconds. */
const PATIENCE = 10_000;

export class OpenStreams {
  private readonly host: StreamHost;
  private readonly streams = new IdTable<EventStream, number>();
  /** Few, each once. */
  private touched: readonly EventStream[] = [];
  private lastNumber = STANDALONE;

  constructor(host: StreamHost) {
    this.host = host;
  }

  /** Where what comes of a request is sent. */
  open(response: ClientResponse, options?: StreamOptions): EventStream {
    this.lastNumber += 1;
    const stream = new EventStream(this.lastNumber, this.host, options);
    this.streams.set(stream.number, stream);
    stream.attach(response);
    return stream;
  }

  find(number: number): EventStream | undefined {
    return this.streams.get(number);
  }

  /** There is such a stream, or was. */
  hasBeen(number: number): boolean {
    return number <= this.lastNumber;
  }

  /** Nobody is there to read it, nor will be. */
  forget(number: number): void {
    this.streams.delete(number);
  }

  /** It leaves with the next `flush`. */
  send(stream: EventStream, message: MessageBytes): void {
    stream.send(message);
    this.touch(stream);
  }

  done(number: number): void {
    const stream = this.streams.get(number);
    if (stream === undefined) return;
    stream.isDone = true;
    this.touch(stream);
  }

  flush(): void {
    const { touched } = this;
    this.touched = NONE;
    for (const stream of touched) {
      stream.flush();
      if (stream.isDone) this.streams.delete(stream.number);
    }
  }

  private touch(stream: EventStream): void {
    if (!this.touched.includes(stream)) this.touched = [...this.touched, stream];
  }

  get isAnyLive(): boolean {
    return this.streams.values().some(({ live }) => live.length > 0);
  }

  /** Looked in on from time to time. */
  tend(now: number, isTimeForLife: boolean): void {
    for (const stream of this.streams.values()) {
      if (stream.isUndecided && now - stream.since > PATIENCE) stream.becomeEventStream();
      if (isTimeForLife) showLife(stream);
    }
  }

  end(): void {
    for (const stream of this.streams.values()) stream.end();
  }
}

const NONE: readonly EventStream[] = [];

export function showLife(stream: EventStream): void {
  if (!stream.isUndecided) for (const response of stream.live) keepAlive(response);
}
