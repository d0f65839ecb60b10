// One session with a server over HTTP+SSE (2024-11-05): all it says comes on one stream, which names where to post what it is told.
import type { EventSourceMessage } from "eventsource-parser";
import { readRefusal, unread } from "./answer-body.ts";
import { readEventStream } from "./event-stream.ts";
import { failureOf, placeOf } from "./http-failure.ts";
import type { BodySink, ResponseHead, Running } from "./http-request.ts";
import { mediaType } from "./incoming-stream.ts";
import { frameOf } from "./message-body.ts";
import { INITIALIZED, type Outgoing } from "./outgoing.ts";
import type { Transport, TransportHost } from "./transport.ts";
import { strayOf } from "./wire.ts";

export class SseServer implements Transport {
  private readonly transport: TransportHost;
  private readonly stream: Running;
  /** `undefined` until the server has named it. */
  private endpoint: URL | undefined;
  private queue: Outgoing[] = [];
  /** It is told that its client is ready; what is posted meanwhile, over another connection, might be there before. */
  private isIntroducing = false;
  private isOver = false;

  constructor(transport: TransportHost) {
    this.transport = transport;
    const { wire } = transport;
    this.stream = wire.send(
      { method: "GET", headers: { accept: "text/event-stream" } },
      { head: (head) => this.answered(head), failed: (error) => this.end(failureOf(error, wire.url)) },
    );
  }

  get isFull(): boolean {
    return this.transport.wire.isFull;
  }

  send(message: Outgoing): void {
    if (this.isOver) return;
    if (this.endpoint === undefined || this.isIntroducing) this.queue.push(message);
    else this.post(message, this.endpoint);
  }

  /** The server's session ends with its stream. */
  close(): Promise<void> {
    this.isOver = true;
    this.transport.wire.abortAll();
    return Promise.resolve();
  }

  private answered(head: ResponseHead): BodySink {
    const { wire, limits } = this.transport;
    const type = mediaType(head.headers["content-type"]);
    if (head.status === 200 && type === "text/event-stream") return this.read();
    if (head.status === 200) {
      this.end(`${placeOf(wire.url)} answered with \`${type}\`, which is no event stream: is the \`url\` right?`);
      return unread(() => undefined);
    }
    return readRefusal(limits, ({ said }) =>
      this.end(strayOf(head, wire.url) ?? wire.refusal(head, said), head.status),
    );
  }

  private read(): BodySink {
    const { limits, events } = this.transport;
    const stream = readEventStream(limits.messageBytes, {
      event: (event) => this.take(event),
      retry: () => undefined,
    });
    const cut = (): void => this.end("its stream was cut off");
    return {
      chunk: (bytes) => {
        const isReadable = stream.feed(bytes);
        events.chunkDone();
        if (!isReadable) this.end("an event of its is too long, or no UTF-8");
      },
      end: cut,
      failed: cut,
    };
  }

  private take({ event = "message", data }: EventSourceMessage): void {
    if (this.isOver) return;
    if (event === "endpoint") this.settle(data);
    else if (event === "message" && data !== "") {
      const { events, limits } = this.transport;
      events.frame(frameOf(Buffer.from(data), limits.messageBytes));
    }
  }

  private settle(written: string): void {
    const { url } = this.transport.wire;
    const endpoint = URL.canParse(written, url.href) ? new URL(written, url) : undefined;
    if (endpoint?.origin !== url.origin) {
      this.end(`${placeOf(url)} wants to be written to at another origin, which is refused`);
      return;
    }
    this.endpoint = endpoint;
    this.sendKept();
  }

  private sendKept(): void {
    const { queue } = this;
    this.queue = [];
    for (const message of queue) this.send(message);
  }

  private post(message: Outgoing, url: URL): void {
    const { wire, limits } = this.transport;
    const lose = (reason: string): void => this.lose(message, reason);
    if (message.method === INITIALIZED) this.isIntroducing = true;
    wire.send(
      { method: "POST", url, headers: { "content-type": "application/json" }, body: message.bytes },
      {
        head: (head) => {
          this.reached(message);
          if (head.status >= 200 && head.status < 300) return unread(() => undefined);
          return readRefusal(limits, ({ said }) => lose(strayOf(head, url) ?? wire.refusal(head, said, url)));
        },
        failed: (error) => {
          this.reached(message);
          lose(failureOf(error, url));
        },
      },
    );
  }

  /** The server has it, or never will. */
  private reached({ method }: Outgoing): void {
    if (method !== INITIALIZED) return;
    this.isIntroducing = false;
    this.sendKept();
  }

  private lose({ id }: Outgoing, reason: string): void {
    const { events } = this.transport;
    if (id === undefined) events.report(`something it was told got lost: ${reason}`);
    else events.unanswered(id, reason);
    events.chunkDone();
  }

  private end(reason: string, status?: number): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stream.abort();
    this.transport.ended(reason, status);
  }
}
