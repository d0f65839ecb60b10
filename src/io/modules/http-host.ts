// A module at an address: Streamable HTTP of either era, and never sent elsewhere.
import { composeNotification, composeRequest } from "../../message/compose.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { within } from "../in-time.ts";
import type { BodySink, Running } from "../upstream/http-request.ts";
import { Connections } from "../upstream/http1/connections.ts";
import type { Connection, Opener, Opening } from "./connection.ts";
import { greetLegacy, isModern, modernParams } from "./handshake.ts";
import { HttpExchange } from "./http-exchange.ts";
import { certificatesOf, loginHeaders } from "./http-login.ts";
import type { HostSettings } from "./module-settings.ts";
import type { Reply } from "./peer.ts";

type HttpHost = Extract<HostSettings, { kind: "http" }>;

export async function openAddress(host: HttpHost, opener: Opener): Opening {
  const connection = new HttpConnection(host, opener);
  const opened = await connection.open();
  if (opened !== undefined) await connection.close();
  return opened ?? connection;
}

class HttpConnection implements Connection {
  revision = "";
  private readonly host: HttpHost;
  private readonly opener: Opener;
  private readonly connections: Connections;
  private readonly url: URL;
  private readonly running = new Set<Running>();
  private session: string | undefined;
  private lastId = 0;
  private lastStatus: number | undefined;
  private isClosed = false;

  constructor(host: HttpHost, opener: Opener) {
    this.host = host;
    this.opener = opener;
    this.url = new URL(host.url);
    opener.signal.addEventListener("abort", () => void this.close(), { once: true });
    this.connections = new Connections(certificatesOf(host.auth));
  }

  /** A text says why it cannot be used. */
  async open(): Promise<string | undefined> {
    const begun = performance.now();
    const { withinMs } = this.opener;
    if (await isModern((method, params, ms) => this.post(method, params, ms, MODERN_REVISIONS[0]), withinMs)) {
      this.revision = MODERN_REVISIONS[0];
      return undefined;
    }
    // Of its era says something only who can be reached, and lets us in.
    if (this.lastStatus === undefined) return "it cannot be reached";
    if (this.lastStatus >= 300 && !LEGACY_STATUS.has(this.lastStatus)) return `it answers ${String(this.lastStatus)}`;
    const left = withinMs - (performance.now() - begun);
    const greeting = await greetLegacy((method, params, ms) => this.post(method, params, ms, undefined), left);
    if (greeting.kind === "failed") return greeting.reason;
    this.revision = greeting.revision;
    // What is asked next takes another connection, and must not be there before.
    await within(left, this.tell(composeNotification("notifications/initialized")));
    this.listen();
    return undefined;
  }

  ask: Connection["ask"] = (method, params, withinMs) => {
    const isLegacy = this.revision !== MODERN_REVISIONS[0];
    return this.post(method, isLegacy ? (params ?? {}) : modernParams(params), withinMs, this.revision);
  };

  close(): Promise<void> {
    this.isClosed = true;
    for (const one of this.running) one.abort();
    this.connections.destroy();
    return Promise.resolve();
  }

  private post(
    method: string,
    params: Parameters<Connection["ask"]>[1],
    withinMs: number,
    revision: string | undefined,
  ): Promise<Reply> {
    this.lastId += 1;
    const id = String(this.lastId);
    const body = composeRequest(id, method, params);
    const isModernPost = revision === MODERN_REVISIONS[0];
    return new Promise((resolve) => {
      const exchange = new HttpExchange(id, this.opener.maxBytes, {
        settled: (reply) => {
          clearTimeout(timer);
          this.running.delete(running);
          running.abort();
          resolve(reply);
        },
        head: ({ status, headers }) => {
          this.lastStatus = status;
          const session = headers["mcp-session-id"];
          if (method === "initialize" && typeof session === "string") this.session = session;
          if (status === 404 && this.session !== undefined) this.lost("its session is over");
        },
        changed: this.opener.events.changed,
        unreachable: () => this.lost("it cannot be reached"),
      });
      const timer = setTimeout(() => exchange.fail("timeout", "it did not answer in time"), withinMs);
      const named = isModernPost ? { "mcp-method": method } : {};
      const headers = { ...this.headersFor(body, revision), ...named };
      const running = this.connections.start({ method: "POST", url: this.url, headers, body }, exchange);
      this.running.add(running);
    });
  }

  /** Resolves once the host has it, or never will. */
  private tell(body: Buffer): Promise<void> {
    const headers = this.headersFor(body, this.revision);
    const ignore: BodySink = { chunk: () => undefined, end: () => undefined, failed: () => undefined };
    return new Promise((resolve) => {
      const head = (): BodySink => {
        resolve();
        return ignore;
      };
      this.connections.start({ method: "POST", url: this.url, headers, body }, { head, failed: () => resolve() });
    });
  }

  /** Where a legacy host tells what belongs to no request; many have no such stream. */
  private listen(): void {
    const { changed } = this.opener.events;
    const stream = new HttpExchange(undefined, this.opener.maxBytes, {
      settled: () => running.abort(),
      head: () => undefined,
      changed,
      unreachable: () => undefined,
    });
    const headers = { ...this.headersFor(EMPTY, this.revision), accept: "text/event-stream" };
    const running = this.connections.start({ method: "GET", url: this.url, headers }, stream);
    this.running.add(running);
  }

  private headersFor(body: Buffer, revision: string | undefined): Record<string, string> {
    return {
      ...this.host.headers,
      ...loginHeaders(this.host.auth, body),
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(revision === undefined ? {} : { "mcp-protocol-version": revision }),
      ...(this.session === undefined ? {} : { "mcp-session-id": this.session }),
    };
  }

  private lost(reason: string): void {
    if (!this.isClosed && this.revision !== "") this.opener.events.ended(reason);
  }
}

const EMPTY = Buffer.alloc(0);

/** Statuses with which servers of the legacy era answer what they do not know. */
const LEGACY_STATUS: ReadonlySet<number> = new Set([400, 404, 405, 406, 415, 422]);
