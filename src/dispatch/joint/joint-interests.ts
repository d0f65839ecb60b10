// What the sessions of a shared server want to hear of: resources and log levels, added up to what the server is asked for.
import type { ClientId } from "../event.ts";
import { LEVELS } from "../subscriptions/log-levels.ts";

export interface Left {
  /** URIs that nobody wants to hear of any more. */
  readonly ended: readonly string[];
  /** The level that is enough now, where that is another one. */
  readonly level: string | undefined;
}

export class JointInterests {
  private readonly subscribers = new Map<string, Set<ClientId>>();
  private readonly levels = new Map<ClientId, string>();

  subscribe(client: ClientId, uri: string): void {
    const known = this.subscribers.get(uri);
    if (known === undefined) this.subscribers.set(uri, new Set([client]));
    else known.add(client);
  }

  /** True: nobody else wants to hear of it. */
  unsubscribe(client: ClientId, uri: string): boolean {
    const known = this.subscribers.get(uri);
    known?.delete(client);
    if (known !== undefined && known.size > 0) return false;
    this.subscribers.delete(uri);
    return true;
  }

  /** The level that is enough for all. */
  setLevel(client: ClientId, level: string): string | undefined {
    this.levels.set(client, level);
    return this.lowest();
  }

  leave(client: ClientId): Left {
    const uris = [...this.subscribers].flatMap(([uri, clients]) => (clients.has(client) ? [uri] : []));
    const ended = uris.filter((uri) => this.unsubscribe(client, uri));
    const before = this.lowest();
    this.levels.delete(client);
    const level = this.lowest();
    return { ended, level: level === before ? undefined : level };
  }

  /** The server is another one now, and knows of nothing; whoever wants something says so again. */
  forget(): void {
    this.subscribers.clear();
    this.levels.clear();
  }

  private lowest(): string | undefined {
    const known = [...this.levels.values()].map((level) => LEVELS.indexOf(level)).filter((index) => index !== -1);
    return known.length === 0 ? undefined : LEVELS[Math.min(...known)];
  }
}
