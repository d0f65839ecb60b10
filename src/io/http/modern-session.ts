// Requests of the modern era whose senders say the same of themselves. On the wire there is no session; servers of the legacy era need one.
import type { MessageBytes } from "../../dispatch/event.ts";
import type { NotificationEnvelope, RequestEnvelope } from "../../message/envelope.ts";
import type { Headers } from "../../message/eras/modern-headers.ts";
import type { ClientChannel, ClientPort } from "../client-port.ts";
import type { Caller } from "./caller.ts";
import type { StreamHost, StreamOptions } from "./event-stream.ts";
import { HeldMessages } from "./held-messages.ts";
import { BUSY } from "./http-session.ts";
import { OpenStreams } from "./open-streams.ts";
import { notFound, refuse } from "./refusal.ts";
import type { ClientResponse } from "./request-and-response.ts";
import { Unread } from "./unread.ts";

type Call = RequestEnvelope | NotificationEnvelope;

export interface ModernSessionOptions {
  readonly caller: Caller;
  /** Messages that may wait while servers do not take what they are sent. */
  readonly mostHeld: number;
  readonly attach: (channel: ClientChannel) => ClientPort;
  /** It is over, for whatever reason. Told once. */
  readonly ended: () => void;
}

export class ModernSession implements ClientChannel, StreamHost {
  /** Who loses a connection has lost what it asked (2026-07-28, Receiving Messages). */
  readonly memory = undefined;
  readonly hasPriming = false;
  lastUsed = Date.now();
  private caller: Caller;
  private readonly options: ModernSessionOptions;
  private readonly streams = new OpenStreams(this);
  private readonly lasting = new Set<number>();
  private readonly unread = new Unread(() => this.port.drained());
  private readonly held: HeldMessages;
  private readonly port: ClientPort;
  private isOver = false;

  constructor(options: ModernSessionOptions) {
    this.options = options;
    this.caller = options.caller;
    this.held = new HeldMessages(options.mostHeld);
    this.port = options.attach(this);
  }

  get isOpen(): boolean {
    return !this.isOver;
  }

  /** Whose it is. */
  get owner(): string {
    return this.caller.key;
  }

  /** The same caller, with a token that may hold longer. */
  meet(caller: Caller): void {
    if (caller.until >= this.caller.until) this.caller = caller;
  }

  /** Hands on a request, or a notification, which is answered with what comes of it. `headers`: those that repeat arguments. */
  post(response: ClientResponse, call: Call, headers: Headers, options: StreamOptions): void {
    if (this.held.isOpen) this.deliver(response, call, headers, options);
    else if (!this.held.pass(() => this.deliver(response, call, headers, options))) refuse(response, BUSY);
  }

  send(message: MessageBytes, number?: number): void {
    const stream = number === undefined ? undefined : this.streams.find(number);
    if (stream !== undefined) this.streams.send(stream, message);
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
    this.unread.tend(now);
    this.streams.tend(now, isTimeForLife);
    if (now <= this.caller.until) return;
    for (const number of this.lasting) for (const response of this.streams.find(number)?.live ?? []) response.end();
  }

  /** Nobody asks or listens. */
  isIdleSince(time: number): boolean {
    return !this.streams.isAnyLive && this.lastUsed < time;
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.options.ended();
    // Who listens is told that nothing more will come.
    this.port.left();
    this.streams.end();
  }

  private deliver(response: ClientResponse, call: Call, headers: Headers, options: StreamOptions): void {
    // Its client did not wait for its turn.
    if (response.destroyed) return;
    if (this.isOver) {
      refuse(response, OVER);
      return;
    }
    this.lastUsed = Date.now();
    const stream = this.streams.open(response, options);
    const { number } = stream;
    // It has no answer before somebody ends it, so it ends with the token of its sender.
    if (call.method === "subscriptions/listen") this.lasting.add(number);
    response.once("close", () => {
      this.lastUsed = Date.now();
      this.lasting.delete(number);
      // Closing a response is how a client cancels what it asked (2026-07-28, Cancellation).
      if (!stream.live.includes(response)) return;
      stream.detach(response);
      this.streams.forget(number);
      this.port.streamClosed(number);
    });
    this.port.message(call.bytes, number, call, headers);
  }
}

const OVER = notFound("this was not used for too long; ask again");
