// One message that is posted to a server, and what comes back for it: nothing, one message, a stream, or a refusal.
import type { Frame } from "../../message/framing.ts";
import { answerIn, type Refusal, readRefusal, unread } from "./answer-body.ts";
import { failureOf, placeOf } from "./http-failure.ts";
import type { BodySink, HttpEvents, ResponseHead, Running } from "./http-request.ts";
import { IncomingStream, type Listen, mediaType } from "./incoming-stream.ts";
import { MessageBody } from "./message-body.ts";
import type { Outgoing } from "./outgoing.ts";
import type { SessionKeys } from "./session-keys.ts";
import type { TransportParts } from "./transport.ts";
import { strayOf } from "./wire.ts";

export interface PostingHost {
  readonly transport: TransportParts;
  /** The server took it. */
  accepted(posting: Posting, head: ResponseHead): void;
  /** One message of the response. True: it is the answer. */
  heard(posting: Posting, bytes: Buffer): boolean;
  /** The server does not know the session it was sent in. */
  sessionEnded(posting: Posting): void;
  /** It is answered; its response may go on. */
  done(posting: Posting): void;
  /** There will be no answer. `status`: of the response, if there was one. */
  lost(posting: Posting, reason: string, status?: number): void;
  /** `undefined`: a response that was cut cannot be picked up. */
  readonly listen: Listen | undefined;
}

type Headers = Readonly<Record<string, string>>;

const POST_HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

const IN_SESSION = new WeakMap<SessionKeys, Headers>();

/** The same object for all that is posted in one session. */
function headersIn(keys: SessionKeys): Headers {
  const headers = IN_SESSION.get(keys) ?? { ...POST_HEADERS, ...keys };
  IN_SESSION.set(keys, headers);
  return headers;
}

const BY_ITSELF = new WeakMap<Headers, Headers>();

/** The same object for all that is posted by itself beside the same headers. */
function headersBeside(own: Headers): Headers {
  const headers = BY_ITSELF.get(own) ?? { ...POST_HEADERS, ...own };
  BY_ITSELF.set(own, headers);
  return headers;
}

export class Posting implements HttpEvents {
  readonly message: Outgoing;
  /** Of the session it was sent in. */
  readonly keys: SessionKeys;
  /** Among those that are open at the same time. */
  number = 0;
  isAnswered = false;
  /** Its response has begun. */
  hasResponse = false;
  private readonly host: PostingHost;
  private running: Running | undefined;
  private stream: IncomingStream | undefined;

  constructor(host: PostingHost, message: Outgoing, keys: SessionKeys) {
    this.host = host;
    this.message = message;
    this.keys = keys;
  }

  start(): void {
    const { wire } = this.host.transport;
    const own = this.message.headers;
    const headers = own === undefined ? headersIn(this.keys) : headersBeside(own);
    this.running = wire.send({ method: "POST", headers, body: this.message.bytes }, this);
  }

  /** Nothing of it is told any more. */
  stop(): void {
    this.stream?.stop();
    this.running?.abort();
  }

  failed(error: Error): void {
    this.lost(failureOf(error, this.host.transport.wire.url));
  }

  head(head: ResponseHead): BodySink {
    const { status } = head;
    this.hasResponse = true;
    const isInSession = this.keys["mcp-session-id"] !== undefined;
    if (status === 404 && isInSession) {
      this.host.sessionEnded(this);
      return unread(() => undefined);
    }
    if (status >= 200 && status < 300) return this.accepted(head);
    return readRefusal(this.host.transport.limits, (refusal) => {
      if (status === 400 && isInSession && tellsOfEnd(refusal)) this.host.sessionEnded(this);
      else this.refused(head, refusal);
    });
  }

  private accepted(head: ResponseHead): BodySink {
    this.host.accepted(this, head);
    const type = mediaType(head.headers["content-type"]);
    if (this.message.id === undefined) {
      // Nothing is awaited; a stream without end would hold a connection for nothing.
      if (type === "text/event-stream") this.stop();
      return unread(() => undefined);
    }
    if (head.headers["content-encoding"] !== undefined) return this.unreadable("with an encoding nobody asked for");
    if (type === "application/json") return new WholeAnswer(this, this.host.transport.limits.messageBytes);
    if (type === "text/event-stream") return this.readStream();
    if (head.status === 202 || head.status === 204) return this.unreadable("that it will not answer");
    return this.unreadable(`with \`${type}\`, which is neither JSON nor an event stream: is the \`url\` right?`);
  }

  private unreadable(how: string): BodySink {
    this.stop();
    this.lost(`${placeOf(this.host.transport.wire.url)} answered ${how}`);
    return unread(() => undefined);
  }

  /** The response was one message. */
  hearWhole(frame: Frame): void {
    const { events, wire } = this.host.transport;
    if (frame.kind === "oversize") events.frame(frame, this.message.id);
    else if (frame.bytes.length > 0) this.hear(frame.bytes);
    if (!this.isAnswered)
      this.lost(`${placeOf(wire.url)} answered with what is no answer of MCP: is the \`url\` right?`);
    events.chunkDone();
  }

  /** The response broke off. */
  cutOff(): void {
    this.lost("its answer was cut off");
  }

  private readStream(): BodySink {
    const { limits, events } = this.host.transport;
    this.stream = new IncomingStream(
      {
        messageBytes: limits.messageBytes,
        message: (bytes) => this.hear(bytes),
        chunkDone: events.chunkDone,
        listen: this.host.listen,
        lost: (reason) => this.lost(reason),
      },
      true,
    );
    return this.stream.read();
  }

  private hear(bytes: Buffer): boolean {
    const isAnswer = this.host.heard(this, bytes);
    if (isAnswer && !this.isAnswered) this.host.done(this);
    this.isAnswered ||= isAnswer;
    return isAnswer;
  }

  private refused(head: ResponseHead, { error, said }: Refusal): void {
    const { url } = this.host.transport.wire;
    const answer = answerIn(error, this.message);
    if (answer !== undefined) {
      this.hear(answer);
      this.host.transport.events.chunkDone();
      return;
    }
    this.lost(strayOf(head, url) ?? this.host.transport.wire.refusal(head, said), head.status);
  }

  private lost(reason: string, status?: number): void {
    if (!this.isAnswered) this.host.lost(this, reason, status);
  }
}

/** A response that is one message. */
class WholeAnswer extends MessageBody implements BodySink {
  private readonly posting: Posting;

  constructor(posting: Posting, limit: number) {
    super(limit);
    this.posting = posting;
  }

  end(): void {
    this.posting.hearWhole(this.whole());
  }

  failed(): void {
    this.posting.cutOff();
  }
}

/** Many servers made with the official SDKs say so with 400, where the specification wants 404. */
function tellsOfEnd({ error, said }: Refusal): boolean {
  return error?.id === undefined && said !== undefined && /\bsession\b|not initialized/i.test(said);
}
