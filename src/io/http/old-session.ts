// One client of 2024-11-05: a stream of events that it holds open, and messages that it posts beside it.
import type { MessageBytes } from "../../dispatch/event.ts";
import type { ClientChannel, ClientPort } from "../client-port.ts";
import { type Caller, isSameUser } from "./caller.ts";
import { HeldMessages } from "./held-messages.ts";
import { type Incoming, tellTooLong } from "./http-session.ts";
import type { ClientResponse } from "./request-and-response.ts";
import { keepAlive, messageEvent, namedEvent, openEventStream, writePieces } from "./server-sent-events.ts";
import { Unread } from "./unread.ts";

export interface OldSessionOptions {
  /** Where it posts to. */
  readonly endpoint: string;
  readonly caller: Caller;
  readonly mostHeld: number;
  readonly response: ClientResponse;
  readonly attach: (channel: ClientChannel) => ClientPort;
  /** It is over, for whatever reason. Told once. */
  readonly ended: () => void;
}

export class OldSession implements ClientChannel {
  caller: Caller;
  private readonly response: ClientResponse;
  private readonly options: OldSessionOptions;
  private readonly held: HeldMessages;
  private readonly port: ClientPort;
  private readonly unread = new Unread(() => this.port.drained());
  private waiting: Buffer[] = [];
  private isOver = false;

  constructor(options: OldSessionOptions) {
    const { caller, response, mostHeld, endpoint, attach } = options;
    this.caller = caller;
    this.response = response;
    this.options = options;
    this.held = new HeldMessages(mostHeld);
    openEventStream(response);
    response.write(namedEvent("endpoint", endpoint));
    this.port = attach(this);
    response.once("close", () => this.end());
  }

  /** The same caller, perhaps with another token. */
  meet(caller: Caller): void {
    const isSame = caller === this.caller || isSameUser(caller, this.caller);
    this.caller = caller;
    if (!isSame) this.port.known(caller.user);
  }

  /** False: too much waits already. */
  post({ bytes, read }: Incoming): boolean {
    return this.held.pass(() => {
      if (!this.isOver) this.port.message(bytes, undefined, read);
    });
  }

  tellTooLong(start: Buffer, end: Buffer): void {
    tellTooLong(this.port, start, end);
  }

  send(message: MessageBytes): void {
    this.waiting.push(...messageEvent(undefined, message));
  }

  flush(): void {
    if (this.waiting.length === 0) return;
    writePieces(this.response, this.waiting);
    this.waiting = [];
    this.unread.watch(this.response);
  }

  isFull(): boolean {
    return this.unread.isAny;
  }

  setPaused(isPaused: boolean): void {
    this.held.setPaused(isPaused);
  }

  /** It lives as long as its stream, and that as long as its token. */
  tend(now: number, isTimeForLife: boolean): void {
    this.unread.tend(now);
    if (now > this.caller.until) this.end();
    else if (isTimeForLife) keepAlive(this.response);
  }

  isIdleSince(): boolean {
    return false;
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.options.ended();
    this.response.end();
    this.port.left();
  }
}
