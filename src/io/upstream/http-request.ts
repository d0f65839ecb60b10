// One HTTP request, and what is told of it: without a promise or a stream per chunk.
import type { IncomingHttpHeaders } from "node:http";

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
