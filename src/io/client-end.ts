// What the switchboard has of one client: the way to it, and its servers, those that are being ended too.
import type { ClientChannel } from "./client-port.ts";
import type { ServerEnd } from "./servers/server-end.ts";
import type { Channel } from "./stdio-channel.ts";

export interface ClientEnd {
  readonly channel: ClientChannel;
  readonly servers: Map<string, ServerEnd>;
  /** Servers that are being ended; the next one of that name waits for them. */
  readonly leaving: Map<string, Promise<void>>;
}

export function clientEnd(channel: ClientChannel): ClientEnd {
  return { channel, servers: new Map(), leaving: new Map() };
}

/** Stands for no client: it has the servers that all share. */
export function nobodysEnd(): ClientEnd {
  return clientEnd({
    send: () => undefined,
    flush: () => undefined,
    isFull: () => false,
    setPaused: () => undefined,
  });
}

export interface NamedChannel {
  readonly server: string;
  readonly channel: Channel;
}

export function channelsOf({ servers }: ClientEnd): readonly NamedChannel[] {
  return [...servers].flatMap(([server, { channel }]) => (channel === undefined ? [] : [{ server, channel }]));
}
