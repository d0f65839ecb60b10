// One stream of what a server says: an answer and what belongs to it, or what belongs to no request; picked up where it was cut.
import type { EventSourceMessage } from "eventsource-parser";
import { rememberingLast } from "../last-answer.ts";
import { readEventStream } from "./event-stream.ts";
import type { BodySink, ResponseHead, Running } from "./http-request.ts";
import { unread } from "./answer-body.ts";

export interface StreamHost {
  /** Bytes of the longest message. */
  readonly messageBytes: number;
  /** True: it is the answer that the stream is there for. */
  message(bytes: Buffer): boolean;
  chunkDone(): void;
  /** `undefined`: what was cut stays cut. */
  readonly listen: Listen | undefined;
  /** Nothing more will come on it. `status`: of the response that said so, if one did. */
  lost(reason: string, status?: number): void;
}

/** Asks for what came after the event of this id, or for what comes from now on. */
export type Listen = (lastEventId: string | undefined, answer: ListenAnswer) => Running;

export interface ListenAnswer {
  head(head: ResponseHead): BodySink;
  failed(reason: string): void;
}

/** How long to wait before coming back where the server does not say, and at most, in milliseconds. */
const RETRY_MS = 1000;
const MAX_RETRY_MS = 300_000;
const MAX_BACKOFF_MS = 30_000;
/** How often an answer that was cut off is asked for in vain. */
const MAX_FAILURES = 5;
/** An id that fits into a header, to come back with. */
const SAYABLE = /^[\x20-\x7e]+$/;

export class IncomingStream {
  private readonly host: StreamHost;
  /** It ends with the answer to a request; otherwise never. */
  private readonly isAnswer: boolean;
  private running: Running | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lastId: string | undefined;
  private retryMs = RETRY_MS;
  /** Since the last event. */
  private failures = 0;
  private isOver = false;

  constructor(host: StreamHost, isAnswer: boolean) {
    this.host = host;
    this.isAnswer = isAnswer;
  }

  /** Takes the body of a response that is an event stream. */
  read(): BodySink {
    const stream = readEventStream(this.host.messageBytes, {
      event: (event) => this.take(event),
      retry: (ms) => {
        this.retryMs = Math.min(ms, MAX_RETRY_MS);
      },
    });
    return {
      chunk: (bytes) => {
        const isReadable = stream.feed(bytes);
        this.host.chunkDone();
        if (isReadable || this.isOver) return;
        this.running?.abort();
        this.end("an event of its is too long, or no UTF-8");
      },
      end: () => this.cut("its answer was cut off"),
      failed: () => this.cut("its answer was cut off"),
    };
  }

  /** Asks for the stream; where there is none, that is all. */
  open(): void {
    this.running = this.host.listen?.(this.lastId, {
      head: (head) => this.answered(head),
      failed: (reason) => this.fail(reason),
    });
  }

  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.running?.abort();
  }

  private take({ id, event, data }: EventSourceMessage): void {
    if (id !== undefined) this.lastId = SAYABLE.test(id) ? id : undefined;
    this.failures = 0;
    // An event without data only gives an id to come back with.
    if (data === "" || (event !== undefined && event !== "message")) return;
    if (this.host.message(Buffer.from(data)) && this.isAnswer) this.isOver = true;
  }

  private answered({ status, headers }: ResponseHead): BodySink {
    if (status === 200 && mediaType(headers["content-type"]) === "text/event-stream") {
      if (!this.isAnswer) this.failures += 1;
      return this.read();
    }
    if (status >= 500 || status === 429) return unread(() => this.fail(`it answered ${status}`));
    this.end(`its answer was cut off, and cannot be picked up: it answered ${status}`, status);
    return unread(() => undefined);
  }

  private fail(reason: string): void {
    this.failures += 1;
    if (this.isAnswer && this.failures > MAX_FAILURES) this.end(`its answer was cut off: ${reason}`);
    else this.cut(reason);
  }

  private cut(reason: string): void {
    if (this.isOver) return;
    if (this.host.listen === undefined || (this.isAnswer && this.lastId === undefined)) {
      this.end(reason);
      return;
    }
    const backoff = this.failures === 0 ? 0 : Math.min(500 * 2 ** this.failures, MAX_BACKOFF_MS);
    this.timer = setTimeout(() => this.open(), Math.max(this.retryMs, backoff));
  }

  private end(reason: string, status?: number): void {
    if (this.isOver) return;
    this.isOver = true;
    this.host.lost(reason, status);
  }
}

/** Without its parameters. */
export function mediaType(contentType: string | readonly string[] | undefined): string {
  return withoutParameters(String(contentType ?? ""));
}

const withoutParameters = rememberingLast((type) => type.split(";", 1).join("").trim().toLowerCase());
