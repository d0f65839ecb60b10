// Whoever fills a peer is not read from until the peer has taken what waits for it: little is kept for anybody.
import type { Event } from "../dispatch/event.ts";
import { SHARED } from "../dispatch/joint/joint-servers.ts";
import { channelsOf, type ClientEnd } from "./client-end.ts";
import { Congestion } from "./servers/congestion.ts";
import type { Channel } from "./stdio-channel.ts";

export interface Connections {
  /** By id; under `SHARED` the servers that all share. */
  readonly clients: ReadonlyMap<string, ClientEnd>;
  readonly tell: (event: Event) => void;
}

export class Backpressure {
  private readonly clients: ReadonlyMap<string, ClientEnd>;
  private readonly tell: (event: Event) => void;
  private readonly congestion = new Congestion();

  constructor({ clients, tell }: Connections) {
    this.clients = clients;
    this.tell = tell;
  }

  /** The channels of this client, or of those who share servers, are full or empty by now. */
  settle(client: string): void {
    if (client === SHARED) this.settleAll();
    else this.settleOne(client);
  }

  /** A shared server is read from whichever client is slow: what each asked for is bounded, and the others wait for theirs. */
  settleAll(): void {
    for (const client of this.clients.keys()) if (client !== SHARED) this.settleOne(client);
  }

  forget(channel: Channel | undefined): void {
    this.congestion.forget(channel);
  }

  forgetAll(): void {
    this.congestion.forgetAll();
  }

  private settleOne(client: string): void {
    const end = this.clients.get(client);
    if (end === undefined) return;
    const isClientFull = end.channel.isFull();
    for (const { channel } of channelsOf(end)) channel.setPaused(isClientFull);
    const isHeldUp = this.isHeldUp(client, end);
    const shared = this.clients.get(SHARED);
    end.channel.setPaused((shared !== undefined && this.isHeldUp(SHARED, shared)) || isHeldUp);
  }

  private isHeldUp(client: string, end: ClientEnd): boolean {
    const full = channelsOf(end).filter(({ server, channel }) =>
      this.congestion.holdsUp(channel, (isStuck) => {
        this.tell({ kind: "server-stuck", client, server, isStuck });
        if (isStuck) this.settleAll();
      }),
    );
    return full.length > 0;
  }
}
