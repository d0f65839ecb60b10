// What servers that start when they are needed said of themselves and listed, for later sessions of clients that introduce themselves the same way.
import type { Era } from "../../mcp/methods.ts";
import type { ResultEnvelope } from "../../message/envelope.ts";
import type { Greeting } from "../handshake/greeting.ts";
import type { ServerList } from "../lists/server-list.ts";
import type { ServerLink } from "../peers/server-link.ts";

export interface Recollection {
  readonly era: Era | undefined;
  /** Its answer to the handshake, as it came: each session judges it by itself. */
  readonly reply: ResultEnvelope;
  /** As the session that had it knew them last. */
  readonly lists: readonly ServerList[];
}

/** Kinds of clients that are remembered for each server; the oldest is forgotten first. */
const MAX_KNOWN = 16;

export class Recollections {
  private readonly byServer = new Map<string, Map<string, Recollection>>();

  /** A server may have other things for another client, or one that can do less. */
  of({ name }: ServerLink, greeting: Greeting): Recollection | undefined {
    return this.byServer.get(name)?.get(keyOf(greeting));
  }

  keep({ name, era, allLists: lists }: ServerLink, greeting: Greeting, reply: ResultEnvelope): void {
    const known = this.byServer.get(name) ?? new Map<string, Recollection>();
    this.byServer.set(name, known);
    const key = keyOf(greeting);
    known.delete(key);
    known.set(key, { era, reply, lists });
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size > MAX_KNOWN) known.delete(oldest);
  }
}

function keyOf({ after }: Greeting): string {
  return JSON.stringify(after);
}
