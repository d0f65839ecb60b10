// One request and its response, whichever connection they go over: what is told of them until they are over, or given up.
import type { BodySink, HttpEvents, HttpRequest, Running } from "../http-request.ts";
import type { ReadHead } from "./response-head.ts";

/** What it goes over. */
export interface Carrier {
  setPaused(isPaused: boolean): void;
  destroy(): void;
}

export class Exchange implements Running {
  readonly request: HttpRequest;
  isPaused = false;
  isOver = false;
  /** `undefined`: there is none yet, or none any more. */
  carrier: Carrier | undefined;
  private readonly events: HttpEvents;
  private sink: BodySink | undefined;

  constructor(request: HttpRequest, events: HttpEvents) {
    this.request = request;
    this.events = events;
  }

  setPaused(isPaused: boolean): void {
    if (this.isPaused === isPaused) return;
    this.isPaused = isPaused;
    this.carrier?.setPaused(isPaused);
  }

  abort(): void {
    this.isOver = true;
    this.carrier?.destroy();
    this.carrier = undefined;
  }

  sent(bytes: number): void {
    this.events.sent?.(bytes);
  }

  head({ status, headers }: ReadHead): void {
    if (!this.isOver) this.sink = this.events.head({ status, headers });
  }

  chunk(bytes: Buffer): void {
    if (!this.isOver) this.sink?.chunk(bytes);
  }

  end(): void {
    if (this.finish()) this.sink?.end();
  }

  failed(error: Error): void {
    if (!this.finish()) return;
    if (this.sink === undefined) this.events.failed(error);
    else this.sink.failed(error);
  }

  private finish(): boolean {
    this.carrier = undefined;
    const isNew = !this.isOver;
    this.isOver = true;
    return isNew;
  }
}
