// One session of a legacy client over HTTP: its requests, the streams of what it is sent, and its end.
import type { MessageBytes } from "../../dispatch/event.ts";
import { readOversize } from "../../message/envelope.ts";
import type { ClientChannel, ClientPort } from "../client-port.ts";
import { type Caller, isSameUser } from "./caller.ts";
import { EventStream, STANDALONE, type StreamHost, type StreamOptions } from "./event-stream.ts";
import { notFound, type Refusal, refuse } from "./refusal.ts";
import { HeldMessages } from "./held-messages.ts";
import { readEventId, ReplayMemory } from "./replay-memory.ts";
import { OpenStreams, showLife } from "./open-streams.ts";
import type { ClientRequest, ClientResponse } from "./request-and-response.ts";
import { Unread } from "./unread.ts";

/** GET streams that one session may hold at once. */
const MOST_STANDALONE = 4;

type ClientMessage = Parameters<ClientPort["message"]>;

export interface Incoming {
  readonly bytes: ClientMessage[0];
  readonly read: ClientMessage[2];
}

export interface SessionOptions {
  readonly id: string;
  readonly caller: Caller;
  /** Messages that may wait while servers do not take what they are sent. */
  readonly mostHeld: number;
  readonly attach: (channel: ClientChannel) => ClientPort;
  /** It is over, for whatever reason. Told once. */
  readonly ended: () => void;
}

export class HttpSession implements ClientChannel, StreamHost {
  readonly id: string;
  readonly memory = new ReplayMemory();
  /** Set by the header of each request. */
  hasPriming = false;
  caller: Caller;
  lastUsed = Date.now();
  private readonly options: SessionOptions;
  private readonly port: ClientPort;
  /** Made when something is sent on it, or somebody listens. */
  private madeStandalone: EventStream | undefined;
  private readonly streams = new OpenStreams(this);
  private readonly unread = new Unread(() => this.port.drained());
  private readonly held: HeldMessages;
  private isOver = false;

  constructor(options: SessionOptions) {
    this.id = options.id;
    this.caller = options.caller;
    this.held = new HeldMessages(options.mostHeld);
    this.options = options;
    this.port = options.attach(this);
  }

  /** Hands on what came in the body of a request, which is answered with what comes of it. */
  post(request: ClientRequest, response: ClientResponse, message: Incoming, options?: StreamOptions): void {
    if (this.held.isOpen) this.deliver(request, response, message, options);
    else this.hold(request, response, message, options);
  }

  /** The same caller, perhaps with another token. */
  meet(caller: Caller): void {
    const isSame = caller === this.caller || isSameUser(caller, this.caller);
    this.caller = caller;
    if (!isSame) this.port.known(caller.user);
  }

  /** A message that is answered elsewhere, if at all. */
  tell({ bytes, read }: Incoming): void {
    this.port.message(bytes, undefined, read);
  }

  /** The first and last bytes of what was too long: if it was meant to be an answer, somebody waits for it. */
  tellTooLong(start: Buffer, end: Buffer): void {
    tellTooLong(this.port, start, end);
  }

  /** `lastEventId`: the last event that the client has seen, of any stream. */
  listen(response: ClientResponse, lastEventId: string | undefined): void {
    if (lastEventId === undefined) this.resume(this.standalone, response, undefined);
    else this.resumeAfter(response, lastEventId);
  }

  send(message: MessageBytes, stream = STANDALONE): void {
    this.streams.send(this.streams.find(stream) ?? this.standalone, message);
  }

  streamDone(number: number): void {
    this.streams.done(number);
  }

  flush(): void {
    this.streams.flush();
  }

  isFull(): boolean {
    return this.unread.isAny;
  }

  setPaused(isPaused: boolean): void {
    this.held.setPaused(isPaused);
  }

  wrote(response: ClientResponse): void {
    this.unread.watch(response);
  }

  /** Looked in on from time to time. */
  tend(now: number, isTimeForLife: boolean): void {
    const standalone = this.madeStandalone;
    this.unread.tend(now);
    this.streams.tend(now, isTimeForLife);
    if (standalone === undefined) return;
    if (now > this.caller.until) standalone.end();
    if (isTimeForLife) showLife(standalone);
  }

  /** Nobody asks or listens. */
  isIdleSince(time: number): boolean {
    const isInUse = (this.madeStandalone?.live ?? []).length > 0 || this.streams.isAnyLive;
    return !isInUse && this.lastUsed < time;
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.options.ended();
    this.madeStandalone?.end();
    this.streams.end();
    this.port.left();
  }

  private get standalone(): EventStream {
    return (this.madeStandalone ??= new EventStream(STANDALONE, this));
  }

  private hold(request: ClientRequest, response: ClientResponse, message: Incoming, options?: StreamOptions): void {
    const isTaken = this.held.pass(() => this.deliver(request, response, message, options));
    if (!isTaken) refuse(response, BUSY);
  }

  private deliver(
    request: ClientRequest,
    response: ClientResponse,
    { bytes, read }: Incoming,
    options?: StreamOptions,
  ): void {
    // Its client did not wait for its turn.
    if (response.destroyed) return;
    if (this.isOver) {
      refuse(response, notFound("this session is over"));
      return;
    }
    const stream = this.streams.open(response, options);
    this.watch(response, stream);
    this.hasPriming = String(request.headers["mcp-protocol-version"] ?? "") >= FIRST_WITH_PRIMING;
    this.port.message(bytes, stream.number, read);
  }

  private resumeAfter(response: ClientResponse, lastEventId: string): void {
    const last = readEventId(lastEventId);
    if (last === undefined || !this.streams.hasBeen(last.stream)) {
      refuse(response, { status: 400, reason: "no event has this `Last-Event-ID`" });
      return;
    }
    const { stream: number, number: after } = last;
    const stream = number === STANDALONE ? this.standalone : this.streams.find(number);
    if (stream !== undefined) this.resume(stream, response, after);
    else if (this.memory.after(number, after).length > 0) this.replayEnded(response, number, after);
    else response.writeHead(204).end();
  }

  /** What was sent on a stream that is over, for a client that was not there. */
  private replayEnded(response: ClientResponse, number: number, after: number): void {
    const stream = new EventStream(number, this);
    stream.isDone = true;
    stream.resume(response, after);
  }

  private resume(stream: EventStream, response: ClientResponse, after: number | undefined): void {
    this.watch(response, stream);
    stream.resume(response, after);
    const [oldest] = stream.live;
    if (stream.live.length > MOST_STANDALONE) oldest?.end();
  }

  private watch(response: ClientResponse, stream: EventStream): void {
    this.lastUsed = Date.now();
    response.once("close", () => {
      this.lastUsed = Date.now();
      const isLost = stream.live.includes(response);
      stream.detach(response);
      if (isLost && stream.number !== STANDALONE) this.port.streamClosed(stream.number);
    });
  }
}

export function tellTooLong(port: ClientPort, start: Buffer, end: Buffer): void {
  if (readOversize(start, end).form !== "reply") return;
  port.frame({ kind: "oversize", start, end });
  port.flush();
}

const FIRST_WITH_PRIMING = "2025-11-25";

export const BUSY: Refusal = {
  status: 503,
  reason: "the servers do not take more now",
  headers: { "retry-after": "1" },
};
