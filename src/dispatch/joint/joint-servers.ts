// Servers that all client sessions share, between the sessions, each of which has a server of its own as far as it can see, and the world, where there is one.
import { type EnvelopeLimits, type Malformed, readEnvelope, readOversize } from "../../message/envelope.ts";
import type { ClientId, Command, Event } from "../event.ts";
import { DEFAULT_LIFE } from "../life/life-options.ts";
import type { ServerStatus } from "../observing/status.ts";
import { isStray, StrayLines } from "../observing/stray-lines.ts";
import type { DispatchOptions } from "../options.ts";
import type { World } from "../world.ts";
import type { IdCounter } from "../peers/peer.ts";
import type { JointNews } from "./joint-host.ts";
import { JointServer } from "./joint-server.ts";

/** In whose name they are opened: no client's. */
export const SHARED: ClientId = "shared";

const MAX_COMPLAINTS = 10;

export class JointServers {
  private readonly world: World;
  private readonly limits: EnvelopeLimits;
  private readonly servers: ReadonlyMap<string, JointServer>;
  private readonly forSessions: JointNews[] = [];
  private readonly complaints = new Map<string, number>();
  /** Of each that is a process. */
  private readonly stray: ReadonlyMap<string, StrayLines>;

  /** `mask`: for what servers say. */
  constructor(options: DispatchOptions, world: World, mask: (server: string, text: string) => string) {
    this.world = world;
    this.limits = options.limits;
    const shared = options.servers.filter(({ life }) => life?.share === true);
    this.servers = new Map(
      shared.map(({ name, life = DEFAULT_LIFE }) => [
        name,
        new JointServer({
          server: name,
          life,
          proxy: { ...options.proxy },
          memory: world.jointMemory(name),
          mint: () => nextOf(world.sharedIds(name)),
          now: () => world.now,
          open: () => world.pass({ kind: "open-server", client: SHARED, server: name }),
          close: () => world.pass({ kind: "close-server", client: SHARED, server: name }),
          send: (bytes) => world.pass({ kind: "to-server", client: SHARED, server: name, bytes }),
          tell: (event) => this.forSessions.push(event),
          after: (milliseconds, action, spreadMs) => world.after(milliseconds, action, spreadMs),
          cancel: (timer) => world.cancel(timer),
          report: (level, text) => world.pass({ kind: "report", level, text, server: name }),
        }),
      ]),
    );
    const processes = shared.filter(({ transport }) => transport === "stdio");
    this.stray = new Map(
      processes.map(({ name }) => [
        name,
        new StrayLines({
          mask: (text) => mask(name, text),
          report: (text) => world.pass({ kind: "report", level: "warn", text, server: name }),
          after: (milliseconds, action) => world.after(milliseconds, action),
        }),
      ]),
    );
  }

  /** What the sessions are to be told next, of what happened to the servers they share. */
  next(): JointNews | undefined {
    return this.forSessions.shift();
  }

  /** `mask`: for what servers may have said. */
  status(mask: (text: string) => string): readonly ServerStatus[] {
    return [...this.servers.values()].map((server) => server.status(mask));
  }

  /** True: it was for a shared server, and has been seen to. */
  takes(command: Command): boolean {
    if (this.servers.size === 0 || !("server" in command) || command.kind === "report") return false;
    const server = this.servers.get(command.server);
    if (server === undefined) return false;
    switch (command.kind) {
      case "open-server":
        server.join(command.client);
        return true;
      case "close-server":
        server.leave(command.client);
        return true;
      // Only of the modern era, and what is shared is spoken to in the legacy one.
      case "abandon":
        return true;
      case "to-server": {
        const envelope = readEnvelope(Buffer.concat(command.bytes), this.limits);
        if (envelope.kind !== "malformed" && envelope.kind !== "batch") server.fromSession(command.client, envelope);
        return true;
      }
    }
  }

  /** True: it came from a shared server, and has been seen to. */
  hears(event: Event): boolean {
    if (!("client" in event) || event.client !== SHARED) return false;
    const server = "server" in event ? this.servers.get(event.server) : undefined;
    if (server !== undefined && "server" in event) this.hear(server, event);
    return true;
  }

  private hear(server: JointServer, event: JointNews): void {
    switch (event.kind) {
      case "server-opened":
        return server.opened();
      case "server-closed":
        return server.closed(event.reason);
      case "server-stuck":
        return server.stuck(event.isStuck);
      case "server-renewed":
        return server.renewed();
      case "server-message":
        return this.hearMessage(server, event);
      case "server-unanswered":
        return this.hand(server, event.about, event);
      case "server-oversize":
        return this.hand(server, readOversize(event.start, event.end).id, event);
    }
  }

  private hearMessage(server: JointServer, event: ServerMessage): void {
    const read = event.read ?? readEnvelope(event.bytes, this.limits);
    if (read.kind === "batch") {
      for (const bytes of read.entries) this.hearMessage(server, { ...event, bytes, read: undefined });
    } else if (read.kind === "malformed") this.hearMalformed(server, read, event);
    else server.fromServer(read, event.about);
  }

  private hearMalformed(server: JointServer, read: Malformed, event: ServerMessage): void {
    const stray = isStray(read) ? this.stray.get(event.server) : undefined;
    if (stray === undefined) this.hand(server, read.id, event);
    else stray.hear(read.bytes);
  }

  /** To whoever made this request; what cannot be told to anybody is reported. */
  private hand(server: JointServer, id: string | undefined, event: JointNews): void {
    const client = id === undefined ? undefined : server.take(id);
    if (client !== undefined) this.forSessions.push({ ...event, client });
    else if (event.kind !== "server-unanswered") this.complain(event.server);
  }

  private complain(server: string): void {
    const count = (this.complaints.get(server) ?? 0) + 1;
    this.complaints.set(server, count);
    if (count > MAX_COMPLAINTS) return;
    this.world.pass({ kind: "report", level: "warn", text: "a message that cannot be used was dropped", server });
  }
}

type ServerMessage = Extract<Event, { readonly kind: "server-message" }>;

function nextOf(ids: IdCounter): string {
  ids.last += 1;
  return String(ids.last);
}
