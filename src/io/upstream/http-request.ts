// One HTTP request through undici's `dispatch`, without a promise or a stream per chunk.
import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

export interface ResponseHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface BodySink {
  chunk(bytes: Buffer): void;
  end(): void;
  /** The response was cut. */
  failed(error: Error): void;
}

export interface HttpEvents {
  /** Who takes the body. */
  head(head: ResponseHead): BodySink;
  /** There will be no response. */
  failed(error: Error): void;
  /** So many bytes of the body were handed to the connection. */
  sent?(bytes: number): void;
}

export interface Running {
  setPaused(isPaused: boolean): void;
  /** Nothing of it is told any more. */
  abort(): void;
}

/** Bytes of a body that are handed over at once; of a longer one, the rest waits until there is room. */
const SLICE = 256 * 1024;

export function startRequest(dispatcher: Dispatcher, request: HttpRequest, events: HttpEvents): Running {
  const handler = new Handler(events);
  const { method, url, headers, body } = request;
  const { origin, path } = placeOf(url);
  if (body === undefined || body.length <= SLICE) {
    handler.start(() => dispatcher.dispatch({ origin, path, method, headers, body: body ?? null }, handler));
    events.sent?.(body?.length ?? 0);
    return handler;
  }
  const sized = { ...headers, "content-length": String(body.length) };
  const pieces = slices(body, (bytes) => events.sent?.(bytes));
  // undici waits for the connection between its pieces.
  const stream = Readable.from(pieces, { objectMode: true, highWaterMark: 1 });
  handler.start(() => dispatcher.dispatch({ origin, path, method, headers: sized, body: stream }, handler));
  return handler;
}

interface Place {
  readonly origin: string;
  readonly path: string;
}

const PLACES = new WeakMap<URL, Place>();

/** A URL puts its parts together each time it is asked. */
function placeOf(url: URL): Place {
  const known = PLACES.get(url) ?? { origin: url.origin, path: url.pathname + url.search };
  PLACES.set(url, known);
  return known;
}

function* slices(body: Buffer, sent: (bytes: number) => void): Generator<Buffer> {
  for (let at = 0; at < body.length; at += SLICE) {
    const piece = body.subarray(at, at + SLICE);
    yield piece;
    sent(piece.length);
  }
}

class Handler implements Dispatcher.DispatchHandler, Running {
  private readonly events: HttpEvents;
  private controller: Dispatcher.DispatchController | undefined;
  private sink: BodySink | undefined;
  private isPaused = false;
  private isOver = false;
  private isStarting = false;

  constructor(events: HttpEvents) {
    this.events = events;
  }

  /** Nothing is told before the caller has its `Running`. */
  start(dispatch: () => void): void {
    this.isStarting = true;
    dispatch();
    this.isStarting = false;
  }

  setPaused(isPaused: boolean): void {
    if (this.isPaused === isPaused) return;
    this.isPaused = isPaused;
    if (isPaused) this.controller?.pause();
    else this.controller?.resume();
  }

  abort(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.controller?.abort(new Error("no longer wanted"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isOver) controller.abort(new Error("no longer wanted"));
    else if (this.isPaused) controller.pause();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx is said before the response.
    if (!this.isOver && status >= 200) this.sink = this.events.head({ status, headers });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.isOver) this.sink?.chunk(chunk);
  }

  onResponseEnd(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.sink?.end();
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (this.isStarting) {
      setImmediate(() => this.onResponseError(controller, error));
      return;
    }
    if (this.isOver) return;
    this.isOver = true;
    if (this.sink === undefined) this.events.failed(error);
    else this.sink.failed(error);
  }
}
