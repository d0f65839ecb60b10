// What a frame is to the dispatcher: a message of a client or a server, or one that is too long.
import type { Event } from "../dispatch/event.ts";
import type { Frame } from "../message/framing.ts";
import type { ServerMessage } from "./servers/server-end.ts";

export function clientFrame(client: string, frame: Frame): Event {
  if (frame.kind === "line") return { kind: "client-message", client, bytes: frame.bytes };
  return { kind: "client-oversize", client, start: frame.start, end: frame.end };
}

export function serverFrame(
  client: string,
  server: string,
  frame: Frame,
  about: ServerMessage["about"],
  read: ServerMessage["read"],
): Event {
  if (frame.kind === "line") return { kind: "server-message", client, server, bytes: frame.bytes, about, read };
  return { kind: "server-oversize", client, server, start: frame.start, end: frame.end };
}
