// Starts a server or connects to it, as its settings say.
import { startServer } from "./child-process.ts";
import type { MessageLimits, ServerEnd, ServerEvents } from "./server-end.ts";
import type { ProcessServer, ServerSettings } from "./settings.ts";
import { openStdioChannel } from "./stdio-channel.ts";
import { connectServer } from "./upstream/http-server.ts";
import type { HttpPool } from "./upstream/http-pool.ts";

export interface ServerResources {
  readonly limits: MessageLimits;
  readonly pool: HttpPool;
}

export function openServer(
  settings: ServerSettings,
  { limits, pool }: ServerResources,
  events: ServerEvents,
): ServerEnd {
  if (settings.kind === "http") return connectServer({ settings, pool, limits, events });
  return openProcess(settings, limits, events);
}

function openProcess(settings: ProcessServer, { messageBytes }: MessageLimits, events: ServerEvents): ServerEnd {
  const { streams, ended, close, hurry } = startServer(settings, events.said);
  const channel =
    streams &&
    openStdioChannel(streams.output, streams.input, messageBytes, {
      frame: (frame) => events.frame(frame),
      chunkDone: events.chunkDone,
      drained: events.drained,
      ended: () => undefined,
    });
  return { channel, ended, close, hurry };
}
