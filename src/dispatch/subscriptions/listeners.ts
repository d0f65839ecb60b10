// Who listens: every open `subscriptions/listen` of one client, and what each of them is told.
import type { JsonValue } from "../../mcp/json.ts";
import { composeNotification } from "../../message/compose.ts";
import { SUBSCRIPTION_ID } from "../../message/eras/modern-meta.ts";
import type { MessageBytes } from "../event.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Filter } from "./filter.ts";

export interface Followed {
  readonly server: string;
  /** In the server's own words. */
  readonly uri: string;
}

export interface FollowedTask {
  readonly server: string;
  readonly own: string;
  readonly exposed: string;
}

export interface Listener {
  /** Open as long as it listens. */
  readonly exchange: Exchange;
  /** The notifications that say that a list is another. */
  readonly lists: ReadonlySet<string>;
  readonly resources: readonly Followed[];
  readonly tasks: readonly FollowedTask[];
}

export class Listeners {
  private readonly open = new Set<Listener>();
  private readonly send: (bytes: MessageBytes, stream: number | undefined) => void;

  constructor(send: (bytes: MessageBytes, stream: number | undefined) => void) {
    this.send = send;
  }

  add(listener: Listener): void {
    this.open.add(listener);
  }

  remove(listener: Listener): void {
    this.open.delete(listener);
  }

  /** Says so to all who want to know. */
  announce(method: string): void {
    for (const { exchange, lists } of this.open) if (lists.has(method)) this.tell(exchange, method);
  }

  tell({ id, stream }: Exchange, method: string, params?: Readonly<Record<string, JsonValue>>): void {
    const _meta = { [SUBSCRIPTION_ID]: JSON.parse(id) as string | number };
    this.send([composeNotification(method, { ...params, _meta })], stream);
  }

  /** What is wanted of a server; in its own words. */
  wantedOf(server: string): Filter {
    const listeners = [...this.open];
    const followed = listeners.flatMap(({ resources }) => resources).filter((one) => one.server === server);
    const lists = new Set<string>();
    for (const listener of listeners) for (const method of listener.lists) lists.add(method);
    const tasks = listeners.flatMap((listener) => listener.tasks).filter((one) => one.server === server);
    return { lists, uris: new Set(followed.map(({ uri }) => uri)), tasks: new Set(tasks.map(({ own }) => own)) };
  }

  /** Who wants to hear of this resource; what changed may lie below what is listened for. */
  of(server: string, uri: string): readonly Exchange[] {
    return [...this.open].flatMap(({ exchange, resources }) =>
      resources.some((followed) => followed.server === server && uri.startsWith(followed.uri)) ? [exchange] : [],
    );
  }

  /** Who wants to hear how this task stands. */
  ofTask(id: string): readonly Exchange[] {
    return [...this.open].flatMap(({ exchange, tasks }) =>
      tasks.some(({ exposed }) => exposed === id) ? [exchange] : [],
    );
  }

  /** Nobody will be told anything any more. */
  end(): void {
    for (const { exchange } of this.open) endListening(exchange);
  }
}

/** As a server ends it that goes away. */
function endListening(exchange: Exchange): void {
  exchange.result({ _meta: { [SUBSCRIPTION_ID]: JSON.parse(exchange.id) as string | number } });
}
