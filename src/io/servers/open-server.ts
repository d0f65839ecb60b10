// Starts a server or connects to it, as its settings say.
import { readEnvelope } from "../../message/envelope.ts";
import { createLineFramer, type Frame } from "../../message/framing.ts";
import { type ServerProcess, startServer } from "./child-process.ts";
import type { HeadStart } from "./head-start.ts";
import type { MessageLimits, ServerEnd, ServerEvents, ServerMessage } from "./server-end.ts";
import type { ServerSettings } from "../settings/settings.ts";
import { openStdioChannel } from "../stdio-channel.ts";
import { connectServer } from "../upstream/http-server.ts";
import type { HttpPool } from "../upstream/http-pool.ts";

export interface ServerResources {
  readonly limits: MessageLimits;
  readonly pool: HttpPool;
  /** Servers that run already; absent: none does. */
  readonly headStart?: HeadStart | undefined;
}

export function openServer(
  settings: ServerSettings,
  { limits, pool, headStart }: ServerResources,
  events: ServerEvents,
): ServerEnd {
  if (settings.kind === "http") return connectServer({ settings, pool, limits, events });
  return serverOf(headStart?.take(settings, events.said) ?? startServer(settings, events.said), limits, events);
}

function serverOf(process: ServerProcess, limits: MessageLimits, events: ServerEvents): ServerEnd {
  const { streams, ended, close, hurry } = process;
  const channel =
    streams &&
    openStdioChannel(streams.output, streams.input, createLineFramer(limits.messageBytes, limits.isUtf8), {
      frame: (frame) => events.frame(frame, undefined, readOn(frame, limits)),
      chunkDone: events.chunkDone,
      drained: events.drained,
      ended: () => undefined,
    });
  return { channel, ended, close, hurry };
}

/** What the framer has begun to read; all else is read by whoever it concerns. */
function readOn(frame: Frame, limits: MessageLimits): ServerMessage["read"] {
  if (frame.kind !== "line" || frame.utf8To === undefined) return undefined;
  return readEnvelope(frame.bytes, limits, frame.utf8To);
}
