// One process (or connection) of a server that all client sessions share: greeted once, for nobody in particular, and what it says is brought to whom it concerns.
import { METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { LISTS } from "../../mcp/lists.ts";
import { composeError, composeNotification, composeRequest, composeResult } from "../../message/compose.ts";
import type { Envelope, NotificationEnvelope, RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt, textAt } from "../../message/locate.ts";
import type { ClientId, MessageBytes } from "../event.ts";
import type { ServerStatus } from "../observing/status.ts";
import type { JointHost } from "./joint-host.ts";
import { JointInterests } from "./joint-interests.ts";
import { JointLife } from "./joint-life.ts";

type Reply = Extract<Envelope, { readonly kind: "result" | "error" }>;

const LIST_CHANGES: ReadonlySet<string> = new Set(LISTS.map(({ changed }) => changed));

export class JointServer {
  private readonly host: JointHost;
  private readonly life: JointLife;
  private readonly interests = new JointInterests();
  /** Sessions that have it, and whether they were told that the process which runs now is there. */
  private readonly sessions = new Map<ClientId, boolean>();
  /** Who made each request that is not answered yet, by its id as raw JSON text. */
  private readonly askers = new Map<string, ClientId>();
  /** How many sessions this process has had. */
  private hadSessions = 0;
  private hasKeptToItself = false;

  constructor(host: JointHost) {
    this.host = host;
    this.life = new JointLife(host, {
      ready: () => {
        host.memory.introduction = this.life.introduction;
        for (const client of this.sessions.keys()) this.welcome(client);
      },
      ended: (reason) => this.ended(reason),
    });
  }

  join(client: ClientId): void {
    if (!this.sessions.has(client)) {
      this.hadSessions += 1;
      this.sessions.set(client, false);
    }
    if (this.life.isReady) this.welcome(client);
    else this.life.want();
  }

  /** What it asked is cancelled; what only it wanted to hear of is not wanted any more. */
  leave(client: ClientId): void {
    if (!this.sessions.delete(client)) return;
    for (const [id, asker] of this.askers) if (asker === client) this.cancel(id);
    const { ended, level } = this.interests.leave(client);
    for (const uri of ended) this.order("resources/unsubscribe", { uri });
    if (level !== undefined) this.order("logging/setLevel", { level });
  }

  opened(): void {
    this.life.opened();
  }

  closed(reason: string): void {
    this.life.closed(reason);
  }

  /** Its session over HTTP ended, and another one stands: nobody's requests or wishes are known there. */
  renewed(): void {
    this.interests.forget();
    this.host.memory.forgetLists();
    for (const client of this.told()) this.host.tell({ kind: "server-renewed", client, server: this.host.server });
  }

  stuck(isStuck: boolean): void {
    this.life.isStuck = isStuck;
    for (const client of this.told())
      this.host.tell({ kind: "server-stuck", client, server: this.host.server, isStuck });
  }

  status(mask: (text: string) => string): ServerStatus {
    return this.life.status(this.askers.size, mask);
  }

  /** What one session says to it. */
  fromSession(client: ClientId, envelope: Envelope): void {
    if (envelope.kind === "request") this.request(client, envelope);
    else if (envelope.kind === "notification") this.notification(envelope);
  }

  /** `about`: over HTTP, the id of the request it belongs to. */
  fromServer(envelope: Envelope, about: string | undefined): void {
    switch (envelope.kind) {
      case "result":
      case "error":
        return this.reply(envelope);
      case "request":
        return this.answer(envelope);
      case "notification":
        return this.hear(envelope, about);
    }
  }

  /** Who asked this, and gets nothing else for it any more. */
  take(id: string): ClientId | undefined {
    const asker = this.askers.get(id);
    this.askers.delete(id);
    return asker;
  }

  private ended(reason: string): void {
    const { host } = this;
    this.askers.clear();
    this.interests.forget();
    host.memory.forget();
    this.hadSessions = this.sessions.size;
    for (const client of this.sessions.keys()) {
      this.sessions.set(client, false);
      host.tell({ kind: "server-closed", client, server: host.server, reason });
    }
  }

  private welcome(client: ClientId): void {
    if (this.sessions.get(client) !== false) return;
    this.sessions.set(client, true);
    this.host.tell({ kind: "server-opened", client, server: this.host.server });
  }

  private told(): readonly ClientId[] {
    return [...this.sessions].flatMap(([client, isTold]) => (isTold ? [client] : []));
  }

  private request(client: ClientId, envelope: RequestEnvelope): void {
    const { id, method, bytes, params } = envelope;
    const uri = params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["uri"]));
    switch (method) {
      case "logging/setLevel":
        return this.setLevel(client, envelope);
      case "resources/subscribe":
        if (uri !== undefined) this.interests.subscribe(client, uri);
        return this.pass(client, id, [bytes]);
      case "resources/unsubscribe":
        if (uri === undefined || this.interests.unsubscribe(client, uri)) return this.pass(client, id, [bytes]);
        return this.say(client, composeResult(id, {}));
      default:
        return this.pass(client, id, [bytes]);
    }
  }

  /** Roots are nobody's. */
  private notification({ method, bytes, params }: NotificationEnvelope): void {
    if (method === "notifications/roots/list_changed") return;
    const range = params === undefined ? undefined : rangeAt(bytes, params, ["requestId"]);
    if (method === "notifications/cancelled" && range !== undefined) this.askers.delete(rawAt(bytes, range));
    this.host.send([bytes]);
  }

  /** The server logs as much as whoever wants most; each session leaves out what it does not want. */
  private setLevel(client: ClientId, { id, bytes, params }: RequestEnvelope): void {
    const wanted = params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["level"]));
    const level = wanted === undefined ? undefined : this.interests.setLevel(client, wanted);
    const isOwn = level === undefined || level === wanted;
    this.pass(client, id, [isOwn ? bytes : composeRequest(id, "logging/setLevel", { level })]);
  }

  private pass(client: ClientId, id: string, bytes: MessageBytes): void {
    this.askers.set(id, client);
    this.host.send(bytes);
  }

  private reply(envelope: Reply): void {
    if (envelope.id === undefined || this.life.takes(envelope)) return;
    const asker = this.take(envelope.id);
    if (asker !== undefined) this.say(asker, envelope.bytes, envelope);
  }

  /** It was told that nobody can be asked anything. */
  private answer({ id, method }: RequestEnvelope): void {
    const answer =
      method === "ping"
        ? composeResult(id, {})
        : composeError(
            id,
            METHOD_NOT_FOUND,
            `\`${method}\` is not available: this server is shared by several clients`,
          );
    this.host.send([answer]);
  }

  private hear(envelope: NotificationEnvelope, about: string | undefined): void {
    const { method, bytes, params } = envelope;
    if (method === "notifications/cancelled") return;
    if (method === "notifications/progress") {
      const token = params === undefined ? undefined : rangeAt(bytes, params, ["progressToken"]);
      const asker = token === undefined ? undefined : this.askers.get(rawAt(bytes, token));
      if (asker !== undefined) this.say(asker, bytes, envelope, about);
      return;
    }
    if (LIST_CHANGES.has(method)) this.host.memory.changed(method);
    if (LIST_CHANGES.has(method) || method === "notifications/resources/updated") {
      for (const client of this.told()) this.say(client, bytes, envelope);
      return;
    }
    const [concerned] = this.concerned(about);
    if (concerned !== undefined) this.say(concerned, bytes, envelope, about);
    else this.keepToItself();
  }

  /** Whom something can be about that names no request: over HTTP, who made the request; else the only one there ever was. */
  private concerned(about: string | undefined): readonly ClientId[] {
    const asker = about === undefined ? undefined : this.askers.get(about);
    if (asker !== undefined) return [asker];
    return this.hadSessions === 1 ? [...this.sessions.keys()] : [];
  }

  /** It may be one client's business, and must not come to another's ears. */
  private keepToItself(): void {
    if (this.hasKeptToItself) return;
    this.hasKeptToItself = true;
    this.host.report("info", "is shared, and what it logs does not say which client it is about: no client gets it");
  }

  private cancel(id: string): void {
    this.askers.delete(id);
    const reason = "the client is gone";
    this.host.send([composeNotification("notifications/cancelled", { requestId: Number(id), reason })]);
  }

  private order(method: string, params: JsonObject): void {
    this.host.send([composeRequest(this.host.mint(), method, params)]);
  }

  private say(client: ClientId, bytes: Buffer, read?: Envelope, about?: string): void {
    this.host.tell({ kind: "server-message", client, server: this.host.server, bytes, read, about });
  }
}
