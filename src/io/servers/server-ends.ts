// The servers behind clients: each opened once the one before it is gone, heard for as long as it stands, and ended so that nothing of it is left.
import type { Event } from "../../dispatch/event.ts";
import type { ClientEnd } from "../client-end.ts";
import type { DecisionLog } from "../log/decision-log.ts";
import { serverFrame } from "../frame-events.ts";
import type { HeadStart } from "./head-start.ts";
import { openServer } from "./open-server.ts";
import type { MessageLimits, ServerChannel, ServerEnd, ServerEvents } from "./server-end.ts";
import type { ServerSettings } from "../settings/settings.ts";
import { HttpPool } from "../upstream/http-pool.ts";

interface Surroundings {
  readonly clients: ReadonlyMap<string, ClientEnd>;
  readonly servers: readonly ServerSettings[];
  readonly limits: MessageLimits;
  readonly log: DecisionLog;
  /** Servers that run already; absent: none does. */
  readonly headStart: HeadStart | undefined;
  readonly handle: (event: Event) => void;
  readonly flush: () => void;
  /** There may be room again for what this client sends to its servers. */
  readonly drained: (client: string) => void;
  /** Nothing is sent there any more. */
  readonly left: (channel: ServerChannel | undefined) => void;
}

export class ServerEnds {
  private readonly around: Surroundings;
  /** Those that are being ended, and will no longer be heard. */
  private readonly ending = new Set<ServerEnd>();
  private readonly pool = new HttpPool();

  constructor(around: Surroundings) {
    this.around = around;
  }

  open(client: string, server: string): void {
    const { clients, servers, limits, headStart, handle, flush } = this.around;
    const settings = servers.find(({ name }) => name === server);
    const end = clients.get(client);
    if (settings === undefined || end === undefined) return;
    const predecessor = end.leaving.get(server);
    if (predecessor !== undefined) {
      // Nobody else sees to what comes of it: this is the end of no chunk.
      void predecessor.then(() => this.open(client, server)).then(flush);
      return;
    }
    const hear = (event: Event): void => {
      if (end.servers.get(server) === opened) handle(event);
    };
    const opened = openServer(settings, { limits, pool: this.pool, headStart }, this.eventsOf(client, server, hear));
    end.servers.set(server, opened);
    if (opened.channel !== undefined) handle({ kind: "server-opened", client, server });
    void opened.ended.then((reason) => this.ended(client, server, opened, reason));
  }

  close(client: string, server: string): void {
    const end = this.around.clients.get(client);
    const closed = end?.servers.get(server);
    if (end === undefined || closed === undefined) return;
    end.servers.delete(server);
    this.around.left(closed.channel);
    this.ending.add(closed);
    const gone = closed.close().finally(() => {
      this.ending.delete(closed);
      end.leaving.delete(server);
    });
    end.leaving.set(server, gone);
  }

  /** Resolves when nothing is left of those that are being ended. In haste: without waiting for them to end by themselves. */
  async whenGone(haste: boolean): Promise<void> {
    const ending = [...this.ending];
    if (haste) for (const server of ending) server.hurry();
    await Promise.all(ending.map((server) => server.close()));
    await this.pool.close();
  }

  private eventsOf(client: string, server: string, hear: (event: Event) => void): ServerEvents {
    const { log, flush, drained } = this.around;
    return {
      frame: (frame, about, read) => hear(serverFrame(client, server, frame, about, read)),
      unanswered: (about, reason, evidence) =>
        hear({ kind: "server-unanswered", client, server, about, reason, evidence }),
      renewed: () => hear({ kind: "server-renewed", client, server }),
      chunkDone: flush,
      drained: () => drained(client),
      said: (line) => log.serverSaid(server, line),
      report: (text) => log.report("warn", text, server),
    };
  }

  private ended(client: string, server: string, ended: ServerEnd, reason: string): void {
    const { clients, left, handle, flush, drained } = this.around;
    const end = clients.get(client);
    if (end?.servers.get(server) !== ended) return;
    end.servers.delete(server);
    left(ended.channel);
    handle({ kind: "server-closed", client, server, reason });
    flush();
    drained(client);
  }
}
