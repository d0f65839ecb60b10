// Requests to one server: where it is, what stands in every header, and all that is under way.
import type { Dispatcher } from "undici";
import type { HttpServer } from "../settings.ts";
import { placeOf } from "./http-failure.ts";
import {
  type BodySink,
  type HttpEvents,
  type HttpRequest,
  type ResponseHead,
  type Running,
  startRequest,
} from "./http-request.ts";

export interface WireRequest extends Omit<HttpRequest, "url"> {
  /** Absent: where the server is. */
  readonly url?: URL | undefined;
}

/** Bytes that may wait for a server before those who write to it are slowed down. */
const FULL = 1024 * 1024;
const MAX_REDIRECTS = 5;
/** Those that keep method and body (RFC 9110, 15.4), and the two that browsers treat otherwise. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

export class Wire {
  /** Where the server is, after redirects. */
  url: URL;
  private readonly dispatcher: Dispatcher;
  private readonly settings: HttpServer;
  private readonly drained: () => void;
  private readonly underWay = new Set<Running>();
  private isPaused = false;
  private waiting = 0;

  constructor(dispatcher: Dispatcher, settings: HttpServer, drained: () => void) {
    this.dispatcher = dispatcher;
    this.settings = settings;
    this.url = new URL(settings.url);
    this.drained = drained;
  }

  get isFull(): boolean {
    return this.waiting >= FULL;
  }

  send(request: WireRequest, events: HttpEvents): Running {
    let now = this.start(request, events, MAX_REDIRECTS, (next) => {
      now = next;
    });
    return { setPaused: (isPaused) => now.setPaused(isPaused), abort: () => now.abort() };
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    for (const running of this.underWay) running.setPaused(isPaused);
  }

  abortAll(): void {
    for (const running of this.underWay) running.abort();
    this.underWay.clear();
    this.waiting = 0;
  }

  private start(request: WireRequest, events: HttpEvents, redirects: number, follow: (next: Running) => void): Running {
    const { method, body, headers, url = this.url } = request;
    let unsent = body?.length ?? 0;
    this.waiting += unsent;
    const settle = (bytes: number): void => {
      unsent -= bytes;
      this.sent(bytes);
    };
    const over = (): void => {
      settle(unsent);
      this.underWay.delete(running);
    };
    const running = startRequest(
      this.dispatcher,
      { method, url, body, headers: { ...this.settings.headers, ...headers } },
      {
        sent: settle,
        failed: (error) => {
          over();
          events.failed(error);
        },
        head: (head) => {
          const target = redirects > 0 ? targetOf(head, url) : undefined;
          if (target === undefined) return until(events.head(head), over);
          if (request.url === undefined) this.url = target;
          return atItsEnd(over, () => follow(this.start({ ...request, url: target }, events, redirects - 1, follow)));
        },
      },
    );
    this.underWay.add(running);
    if (this.isPaused) running.setPaused(true);
    return running;
  }

  private sent(bytes: number): void {
    const before = this.waiting;
    this.waiting -= bytes;
    if (before >= FULL && this.waiting < FULL) this.drained();
  }
}

/** Elsewhere than at the same origin, what our headers say is nobody's business: `undefined`, as for all that is no redirect. */
function targetOf({ status, headers }: ResponseHead, from: URL): URL | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  return target.origin === from.origin ? target : undefined;
}

/** Of a response that is a redirect which is not followed. */
export function strayOf({ status, headers }: ResponseHead, from: URL): string | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, from.href)) return undefined;
  const target = placeOf(new URL(location, from));
  return `${placeOf(from)} sends us on to ${target}, which is not followed: if that is right, make it the \`url\``;
}

function until(sink: BodySink, over: () => void): BodySink {
  return {
    chunk: (bytes) => sink.chunk(bytes),
    end: () => {
      over();
      sink.end();
    },
    failed: (error) => {
      over();
      sink.failed(error);
    },
  };
}

function atItsEnd(over: () => void, then: () => void): BodySink {
  const end = (): void => {
    over();
    then();
  };
  return { chunk: () => undefined, end, failed: end };
}
