// One request to a module at an address, and what comes on its response: JSON, or a stream of events with the answer among them.
import { type Envelope, readEnvelope } from "../../message/envelope.ts";
import { readEventStream } from "../upstream/event-stream.ts";
import type { BodySink, ResponseHead } from "../upstream/http-request.ts";
import { MessageBody } from "../upstream/message-body.ts";
import { DEPTH, type Reply, replyOf } from "./peer.ts";
import { CONTRACT } from "./wire.ts";

interface ExchangeEvents {
  readonly settled: (reply: Reply) => void;
  readonly head: (head: ResponseHead) => void;
  readonly changed: () => void;
  readonly unreachable: () => void;
}

export class HttpExchange {
  /** `undefined`: a stream for what belongs to no request. */
  private readonly id: string | undefined;
  private readonly maxBytes: number;
  private readonly events: ExchangeEvents;
  private isOver = false;

  constructor(id: string | undefined, maxBytes: number, events: ExchangeEvents) {
    this.id = id;
    this.maxBytes = maxBytes;
    this.events = events;
  }

  head(head: ResponseHead): BodySink {
    this.events.head(head);
    const { status, headers } = head;
    if (status >= 300 && status < 400) this.fail("down", "it redirects, which is refused");
    const isStream = headers["content-type"]?.startsWith("text/event-stream") === true;
    return isStream ? this.streamed() : this.whole(status);
  }

  failed(): void {
    this.fail("down", "it cannot be reached");
    this.events.unreachable();
  }

  fail(failure: "down" | "timeout" | "malformed" | "size", reason: string): void {
    this.settle({ kind: "failed", failure, reason });
  }

  private streamed(): BodySink {
    const stream = readEventStream(this.maxBytes, {
      event: ({ data: text }) => this.read(Buffer.from(text)),
      retry: () => undefined,
    });
    return {
      chunk: (bytes) => {
        if (!stream.feed(bytes)) this.fail("size", "its answer is too long");
      },
      end: () => this.fail("down", "its answer was cut off"),
      failed: () => this.fail("down", "its answer was cut off"),
    };
  }

  private whole(status: number): BodySink {
    const body = new MessageBody(this.maxBytes);
    let length = 0;
    return {
      chunk: (bytes) => {
        length += bytes.length;
        if (length > this.maxBytes) this.fail("size", "its answer is too long");
        else body.chunk(bytes);
      },
      end: () => {
        const frame = body.whole();
        if (frame.kind === "line") this.readWhole(frame.bytes, status);
      },
      failed: () => this.fail("down", "its answer was cut off"),
    };
  }

  private readWhole(bytes: Buffer, status: number): void {
    this.read(bytes);
    if (this.isOver) return;
    if (status >= 200 && status < 300) this.fail("malformed", "its answer is no answer to what was asked");
    else this.settle({ kind: "error", code: status, message: `it answers ${String(status)}` });
  }

  private read(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const read = readEnvelope(bytes, DEPTH);
    if (read.kind === "batch" || read.kind === "malformed") return;
    if (read.kind === "notification" && read.method === CONTRACT.changed) this.events.changed();
    if (isAnswerTo(read, this.id)) this.settle(replyOf(read));
  }

  private settle(reply: Reply): void {
    if (this.isOver) return;
    this.isOver = true;
    this.events.settled(reply);
  }
}

/** An error may bear no id, where the request was not even read. */
function isAnswerTo(read: Envelope, id: string | undefined): read is Extract<Envelope, { kind: "result" | "error" }> {
  if (id === undefined) return false;
  return (read.kind === "result" && read.id === id) || (read.kind === "error" && (read.id ?? id) === id);
}
