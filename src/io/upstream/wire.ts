// Requests to one server: where it is, what stands in every header, and all that is under way.
import { IdTable } from "../../dispatch/peers/id-table.ts";
import type { HttpServer } from "../settings/settings.ts";
import { placeOf, refusalOf } from "./http-failure.ts";
import type { HttpEvents, HttpRequest, ResponseHead, Running } from "./http-request.ts";
import type { Connections } from "./http1/connections.ts";
import type { Credentials } from "./oauth/credentials.ts";
import { REDIRECTS, Sending, type SendingHost, type WireRequest } from "./sending.ts";

/** Bytes that may wait for a server before those who write to it are slowed down. */
const FULL = 1024 * 1024;

export interface WireHost {
  /** `undefined`: what the settings say is all there is. */
  readonly credentials: Credentials | undefined;
  /** There is room again. */
  readonly drained: () => void;
}

type Headers = HttpRequest["headers"];

export class Wire implements SendingHost {
  /** Where the server is, after redirects. */
  url: URL;
  private readonly connections: Connections;
  private readonly settings: HttpServer;
  private readonly host: WireHost;
  private readonly underWay = new IdTable<Running, number>();
  private lastNumber = 0;
  private last: { readonly headers: Headers; readonly token: string | undefined; readonly all: Headers } | undefined;
  isPaused = false;
  private waiting = 0;
  /** What was sent before everything was aborted is not sent again. */
  private generation = 0;

  constructor(connections: Connections, settings: HttpServer, host: WireHost) {
    this.connections = connections;
    this.settings = settings;
    this.url = new URL(settings.url);
    this.host = host;
  }

  get isFull(): boolean {
    return this.waiting >= FULL;
  }

  send(request: WireRequest, events: HttpEvents): Running {
    const sending = new Sending(this, request, events, this.host.credentials !== undefined);
    sending.start();
    return sending;
  }

  get token(): string | undefined {
    return this.host.credentials?.token;
  }

  start(
    { method, body, headers, url = this.url }: WireRequest,
    token: string | undefined,
    events: HttpEvents,
  ): Running {
    return this.connections.start({ method, url, body, headers: this.withOurs(headers, token) }, events);
  }

  enter(sending: Running, bytes: number): number {
    this.lastNumber += 1;
    this.waiting += bytes;
    this.underWay.set(this.lastNumber, sending);
    return this.lastNumber;
  }

  moved(url: URL): void {
    this.url = url;
  }

  leave(number: number): void {
    this.underWay.delete(number);
  }

  sent(bytes: number): void {
    const before = this.waiting;
    this.waiting -= bytes;
    if (before >= FULL && this.waiting < FULL) this.host.drained();
  }

  async renew(refused: string | undefined): Promise<boolean | undefined> {
    const { generation } = this;
    const isRenewed = (await this.host.credentials?.renew(refused)) === true;
    return generation === this.generation ? isRenewed : undefined;
  }

  /** What to tell people of a response that is a refusal. `said`: what the server says of it. */
  refusal(head: ResponseHead, said: string | undefined, url = this.url): string {
    const { credentials } = this.host;
    const complaint = credentials && complaintOf(head, credentials);
    return refusalOf(head.status, url, { said, complaint, login: loginFor(head, this.settings.name) });
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

  /** The same object for the same ones: requests of one session differ in nothing but their bodies. */
  private withOurs(headers: Headers, token: string | undefined): Headers {
    const { last } = this;
    if (last?.headers === headers && last.token === token) return last.all;
    const shown = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const all = { ...this.settings.headers, ...shown, ...headers };
    this.last = { headers, token, all };
    return all;
  }
}

/** Static tokens are asked for in the same way as those of OAuth (RFC 6750, 3). */
function loginFor({ status, headers }: ResponseHead, name: string): string | undefined {
  if (status !== 401 || !/^bearer\b/i.test(headers["www-authenticate"] ?? "")) return undefined;
  return `, or, if it wants OAuth, \`oauth\` in the settings and \`mcprules login ${name}\``;
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

/** Of a response that is a redirect which is not followed. */
export function strayOf({ status, headers }: ResponseHead, from: URL): string | undefined {
  const { location } = headers;
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, from.href)) return undefined;
  const target = placeOf(new URL(location, from));
  return `${placeOf(from)} sends us on to ${target}, which is not followed: if that is right, make it the \`url\``;
}
