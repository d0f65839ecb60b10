// What the proxy listens for at one modern server, for one client: a `subscriptions/listen` that is opened anew when something else is wanted, or when it ended.
import { isJsonObject } from "../../mcp/json.ts";
import { LISTS } from "../../mcp/lists.ts";
import { composeNotification } from "../../message/compose.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { Backoff } from "../life/backoff.ts";
import type { Awaited, Reply } from "../peers/peer.ts";
import type { Listening, ServerLink } from "../peers/server-link.ts";
import { type Filter, isNothing, isSameFilter, notificationsOf, NOTHING } from "./filter.ts";

/** How long a server may take to say what it will tell, in milliseconds; then it counts as nothing. */
const PATIENCE = 5000;
/** In milliseconds. */
const AGAIN = { minMs: 1000, maxMs: 60_000 };

type Agreed = (agreed: Filter) => void;

/** Wants of the server what is wanted now. `then` hears what of it the server will tell. */
export function listen(session: ClientSession, link: ServerLink, then?: Agreed): void {
  if (link.era !== "modern" || !link.isReady) {
    // It is asked when it is ready.
    then?.(wantedOf(session, link));
    return;
  }
  const known = link.listening;
  const listening = known instanceof ServerListening ? known : new ServerListening(session, link);
  link.listening = listening;
  listening.update(then ?? ignore);
}

function ignore(): void {}

/** Of whoever reads lists, each change; of others what they asked for. */
function wantedOf(session: ClientSession, link: ServerLink): Filter {
  const announced = LISTS.filter(({ capability }) => announces(link, capability)).map(({ changed }) => changed);
  const tasks = new Set(link.followedTasks);
  if (session.era !== "modern") return { lists: new Set(announced), uris: new Set(link.subscriptions), tasks };
  const { lists } = session.listeners.wantedOf(link.name);
  return { lists: new Set(announced.filter((method) => lists.has(method))), uris: new Set(link.subscriptions), tasks };
}

function announces(link: ServerLink, capability: string): boolean {
  const said = link.capability(capability);
  return isJsonObject(said) && said["listChanged"] === true;
}

class ServerListening implements Listening {
  private readonly session: ClientSession;
  private readonly link: ServerLink;
  private readonly backoff = new Backoff(AGAIN);
  private current: Call | undefined;

  constructor(session: ClientSession, link: ServerLink) {
    this.session = session;
    this.link = link;
  }

  isToldOf(method: string): boolean {
    return this.current?.agreed?.lists.has(method) === true;
  }

  acknowledge(id: string, agreed: Filter): void {
    const { link, session } = this;
    const call = link.awaited.get(id);
    if (!(call instanceof Call) || call.agreed !== undefined) return;
    this.backoff.ready(session.outside.now);
    call.agree(agreed);
    // What changed while nobody listened was not told.
    if (call.isRepeated) for (const method of agreed.lists) session.catalogue.change(link, method, false);
  }

  end(id: string): void {
    const call = this.link.awaited.get(id);
    if (call instanceof Call) call.lose();
  }

  update(then: Agreed): void {
    const wanted = wantedOf(this.session, this.link);
    const { current } = this;
    if (current !== undefined && isSameFilter(current.wanted, wanted)) current.whenAgreed(then);
    else if (isNothing(wanted)) {
      this.current = undefined;
      current?.stop();
      then(NOTHING);
    } else {
      const call = this.open(wanted, false);
      call.whenAgreed(then);
      // Two overlap for a moment, so that nothing is missed in between.
      call.whenAgreed(() => {
        if (call.isRefused && current !== undefined && this.current === call) this.current = current;
        else current?.stop();
      });
    }
  }

  private open(wanted: Filter, isRepeated: boolean): Call {
    const { session, link } = this;
    const call: Call = new Call(session, link, { wanted, isRepeated, onLost: () => this.lost(call) });
    this.current = call;
    return call;
  }

  /** A server that is gone is asked when it is back. */
  private lost(call: Call): void {
    if (this.current !== call) return;
    this.current = undefined;
    const { outside } = this.session;
    const { afterMs, spreadMs } = this.backoff.failed(outside.now);
    if (!this.link.isReady) return;
    const again = (): void => {
      const wanted = wantedOf(this.session, this.link);
      if (this.current === undefined && this.link.isReady && !isNothing(wanted)) this.open(wanted, true);
    };
    outside.after(afterMs, again, spreadMs);
  }
}

interface CallOptions {
  readonly wanted: Filter;
  /** There was another one before, which ended. */
  readonly isRepeated: boolean;
  readonly onLost: () => void;
}

class Call implements Awaited {
  readonly origin = undefined;
  readonly id: string;
  readonly wanted: Filter;
  readonly isRepeated: boolean;
  /** `undefined` until the server has said so, or was silent for too long. */
  agreed: Filter | undefined;
  isRefused = false;
  private readonly session: ClientSession;
  private readonly link: ServerLink;
  private readonly timer: number;
  private readonly notifyLost: () => void;
  private waiting: Agreed[] = [];

  constructor(session: ClientSession, link: ServerLink, { wanted, isRepeated, onLost }: CallOptions) {
    this.session = session;
    this.link = link;
    this.wanted = wanted;
    this.isRepeated = isRepeated;
    this.notifyLost = onLost;
    this.id = link.mint();
    link.awaited.set(this.id, this);
    if (wanted.uris.size + wanted.tasks.size > 0) link.use();
    this.timer = session.outside.after(PATIENCE, () => this.agree(NOTHING));
    link.send([link.compose(this.id, "subscriptions/listen", { notifications: notificationsOf(wanted) })]);
  }

  whenAgreed(then: Agreed): void {
    if (this.agreed === undefined) this.waiting.push(this.session.outside.later(() => then(this.agreed ?? NOTHING)));
    else then(this.agreed);
  }

  agree(agreed: Filter): void {
    if (this.agreed !== undefined) return;
    this.agreed = agreed;
    this.session.outside.cancel(this.timer);
    const { waiting } = this;
    this.waiting = [];
    for (const then of waiting) then(agreed);
  }

  /** A result: the server ends it. An error: it will not have it, and is not asked again and again. */
  onReply(reply: Reply): void {
    this.isRefused = reply.kind === "error";
    this.agree(NOTHING);
    if (!this.isRefused) this.notifyLost();
  }

  onLost(): void {
    this.agree(NOTHING);
    this.notifyLost();
  }

  lose(): void {
    this.link.awaited.delete(this.id);
    this.onLost();
  }

  stop(): void {
    if (!this.link.awaited.delete(this.id)) return;
    this.agree(NOTHING);
    this.link.send([composeNotification("notifications/cancelled", { requestId: Number(this.id) })]);
  }
}
