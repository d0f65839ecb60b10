// One request to a server until its response is over: it follows where it is sent on to, and is sent again with a new token.
import type { BodySink, HttpEvents, HttpRequest, ResponseHead, Running } from "./http-request.ts";

export interface WireRequest extends Omit<HttpRequest, "url"> {
  /** Absent: where the server is. */
  readonly url?: URL | undefined;
}

/** What it needs of the wire that it goes over. */
export interface SendingHost {
  /** Where the server is. */
  readonly url: URL;
  /** It is elsewhere from now on. */
  moved(url: URL): void;
  /** That is shown there; `undefined`: none. */
  readonly token: string | undefined;
  start(request: WireRequest, token: string | undefined, events: HttpEvents): Running;
  /** Nothing of a response is taken for now. */
  readonly isPaused: boolean;
  /** It is under way from now on, and so many bytes wait to be sent. Gives the number to leave by. */
  enter(sending: Running, bytes: number): number;
  leave(number: number): void;
  sent(bytes: number): void;
  /** Resolves with whether there is another token; `undefined`: nobody wants to know any more. */
  renew(refused: string | undefined): Promise<boolean | undefined>;
}

const MAX_REDIRECTS = 5;
/** Those that keep method and body (RFC 9110, 15.4), and the two that browsers treat otherwise. */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/** One object for each request, in the place of a handful of functions. */
export class Sending implements Running, HttpEvents, BodySink {
  private readonly host: SendingHost;
  private readonly events: HttpEvents;
  private request: WireRequest;
  /** Where it went: the server may have moved by the time of the response. */
  private place: URL;
  private token: string | undefined;
  private isRenewable: boolean;
  private redirects = MAX_REDIRECTS;
  private running: Running | undefined;
  private sink: BodySink | undefined;
  private number = 0;
  private unsent = 0;
  private isUnderWay = false;
  private isAborted = false;

  /** `isRenewable`: there may be another token for the one that is refused. */
  constructor(host: SendingHost, request: WireRequest, events: HttpEvents, isRenewable: boolean) {
    this.host = host;
    this.request = request;
    this.place = host.url;
    this.events = events;
    this.isRenewable = isRenewable;
  }

  start(): void {
    const { host, request } = this;
    this.token = host.token;
    this.place = request.url ?? host.url;
    this.unsent = request.body?.length ?? 0;
    this.isUnderWay = true;
    this.number = host.enter(this, this.unsent);
    this.running = host.start(request, this.token, this);
    if (host.isPaused) this.running.setPaused(true);
  }

  setPaused(isPaused: boolean): void {
    this.running?.setPaused(isPaused);
  }

  abort(): void {
    this.isAborted = true;
    this.running?.abort();
    this.leave();
  }

  sent(bytes: number): void {
    if (!this.isUnderWay) return;
    this.unsent -= bytes;
    this.host.sent(bytes);
  }

  head(head: ResponseHead): BodySink {
    if (head.status === 401 && this.isRenewable) {
      this.isRenewable = false;
      return this.atItsEnd(() => void this.renew(head));
    }
    const target = this.redirects > 0 ? targetOf(head, this.place) : undefined;
    if (target !== undefined) {
      if (this.request.url === undefined) this.host.moved(target);
      return this.atItsEnd(() => this.follow(target));
    }
    this.sink = this.events.head(head);
    return this;
  }

  chunk(bytes: Buffer): void {
    this.sink?.chunk(bytes);
  }

  end(): void {
    this.leave();
    this.sink?.end();
  }

  failed(error: Error): void {
    this.leave();
    if (this.sink === undefined) this.events.failed(error);
    else this.sink.failed(error);
  }

  private leave(): void {
    if (!this.isUnderWay) return;
    this.sent(this.unsent);
    this.isUnderWay = false;
    this.host.leave(this.number);
  }

  /** Of this response nothing is read. */
  private atItsEnd(then: () => void): BodySink {
    const end = (): void => {
      this.leave();
      if (!this.isAborted) then();
    };
    return { chunk: () => undefined, end, failed: end };
  }

  private follow(target: URL): void {
    this.redirects -= 1;
    this.request = { ...this.request, url: target };
    this.start();
  }

  private async renew(head: ResponseHead): Promise<void> {
    const isRenewed = await this.host.renew(this.token);
    if (isRenewed === undefined || this.isAborted) return;
    if (isRenewed) this.start();
    else this.events.head(head).end();
  }
}

/** Elsewhere than at the same origin, what our headers say is nobody's business: `undefined`, as for all that is no redirect. */
function targetOf({ status, headers }: ResponseHead, from: URL): URL | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  return target.origin === from.origin ? target : undefined;
}
