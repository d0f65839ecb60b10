// Requests to one server: where it is, what stands in every header, and all that is under way.
import type { Dispatcher } from "undici";
import { IdTable } from "../../dispatch/id-table.ts";
import type { HttpServer } from "../settings/settings.ts";
import { placeOf, refusalOf } from "./http-failure.ts";
import {
  type BodySink,
  type HttpEvents,
  type HttpRequest,
  type ResponseHead,
  type Running,
  startRequest,
} from "./http-request.ts";
import type { Credentials } from "./oauth/credentials.ts";

export interface WireRequest extends Omit<HttpRequest, "url"> {
  /** Absent: where the server is. */
  readonly url?: URL | undefined;
}

/** Unless it was aborted meanwhile: another request takes the place of the one before, if there is one. */
type Follow = (next: () => Running | undefined) => void;

/** Bytes that may wait for a server before those who write to it are slowed down. */
const FULL = 1024 * 1024;
const MAX_REDIRECTS = 5;
/** Those that keep method and body (RFC 9110, 15.4), and the two that browsers treat otherwise. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

export interface WireHost {
  /** `undefined`: what the settings say is all there is. */
  readonly credentials: Credentials | undefined;
  /** There is room again. */
  readonly drained: () => void;
}

/** What may still be done for one request before its response counts. */
interface Allowance {
  readonly redirects: number;
  readonly isRenewable: boolean;
}

type Headers = HttpRequest["headers"];

export class Wire {
  /** Where the server is, after redirects. */
  url: URL;
  private readonly dispatcher: Dispatcher;
  private readonly settings: HttpServer;
  private readonly host: WireHost;
  private readonly underWay = new IdTable<Running, number>();
  private lastNumber = 0;
  private last: { readonly headers: Headers; readonly token: string | undefined; readonly all: Headers } | undefined;
  private isPaused = false;
  private waiting = 0;
  /** What was sent before everything was aborted is not sent again. */
  private generation = 0;

  constructor(dispatcher: Dispatcher, settings: HttpServer, host: WireHost) {
    this.dispatcher = dispatcher;
    this.settings = settings;
    this.url = new URL(settings.url);
    this.host = host;
  }

  get isFull(): boolean {
    return this.waiting >= FULL;
  }

  send(request: WireRequest, events: HttpEvents): Running {
    let isAborted = false;
    const allowance = { redirects: MAX_REDIRECTS, isRenewable: this.host.credentials !== undefined };
    let now = this.start(request, events, allowance, (next) => {
      if (!isAborted) now = next() ?? now;
    });
    return {
      setPaused: (isPaused) => now.setPaused(isPaused),
      abort: () => {
        isAborted = true;
        now.abort();
      },
    };
  }

  /** What to tell people of a response that is a refusal. `said`: what the server says of it. */
  refusal(head: ResponseHead, said: string | undefined, url = this.url): string {
    const { credentials } = this.host;
    return refusalOf(head.status, url, said, credentials && complaintOf(head, credentials));
  }

  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    for (const running of this.underWay.values()) running.setPaused(isPaused);
  }

  abortAll(): void {
    for (const running of this.underWay.values()) running.abort();
    this.underWay.clear();
    this.waiting = 0;
    this.generation += 1;
  }

  private start(request: WireRequest, events: HttpEvents, allowance: Allowance, follow: Follow): Running {
    const { method, body, headers, url = this.url } = request;
    const token = this.host.credentials?.token;
    this.lastNumber += 1;
    const number = this.lastNumber;
    let unsent = body?.length ?? 0;
    this.waiting += unsent;
    const settle = (bytes: number): void => {
      unsent -= bytes;
      this.sent(bytes);
    };
    const over = (): void => {
      settle(unsent);
      this.underWay.delete(number);
    };
    const running = startRequest(
      this.dispatcher,
      { method, url, body, headers: this.withOurs(headers, token) },
      {
        sent: settle,
        failed: (error) => {
          over();
          events.failed(error);
        },
        head: (head) => {
          const { redirects, isRenewable } = allowance;
          if (head.status === 401 && isRenewable) {
            const again = { redirects, isRenewable: false };
            const retry = (): Running => this.start(request, events, again, follow);
            return atItsEnd(over, () => void this.renew(token, follow, retry, () => events.head(head).end()));
          }
          const target = redirects > 0 ? targetOf(head, url) : undefined;
          if (target === undefined) return until(events.head(head), over);
          if (request.url === undefined) this.url = target;
          const next = { redirects: redirects - 1, isRenewable };
          return atItsEnd(over, () => follow(() => this.start({ ...request, url: target }, events, next, follow)));
        },
      },
    );
    this.underWay.set(number, running);
    if (this.isPaused) running.setPaused(true);
    return running;
  }

  /** The same object for the same ones: requests of one session differ in nothing but their bodies. */
  private withOurs(headers: Headers, token: string | undefined): Headers {
    const { last } = this;
    if (last?.headers === headers && last.token === token) return last.all;
    const shown = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const all = { ...this.settings.headers, ...shown, ...headers };
    this.last = { headers, token, all };
    return all;
  }

  private async renew(
    refused: string | undefined,
    follow: Follow,
    retry: () => Running,
    giveUp: () => void,
  ): Promise<void> {
    const { generation } = this;
    const isRenewed = await this.host.credentials?.renew(refused);
    if (generation !== this.generation) return;
    follow(() => {
      if (isRenewed === true) return retry();
      giveUp();
      return undefined;
    });
  }

  private sent(bytes: number): void {
    const before = this.waiting;
    this.waiting -= bytes;
    if (before >= FULL && this.waiting < FULL) this.host.drained();
  }
}

/** What is wrong with the token that was shown; `undefined`: nothing, as far as that goes. */
function complaintOf({ status, headers }: ResponseHead, { complaint }: Credentials): string | undefined {
  if (status === 401) return complaint;
  if (status !== 403) return undefined;
  const [, scope] = /\bscope="([\x20\x21\x23-\x5b\x5d-\x7e]+)"/.exec(headers["www-authenticate"] ?? "") ?? [];
  return scope === undefined
    ? "its token may not do that"
    : `its token is not good for \`${scope}\`: name all that is needed in \`oauth.scopes\`, and log in again`;
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
