// Streams that are asked for with GET in a session (2025-03-26 to 2025-11-25): where one was cut, and the one that belongs to no request.
import { failureOf } from "./http-failure.ts";
import type { Running } from "./http-request.ts";
import { IncomingStream, type ListenAnswer } from "./incoming-stream.ts";
import { frameOf } from "./message-body.ts";
import type { SessionKeys } from "./session-keys.ts";
import type { TransportHost } from "./transport.ts";
import type { Wire } from "./wire.ts";

export function askForStream(
  wire: Wire,
  keys: SessionKeys,
  lastEventId: string | undefined,
  answer: ListenAnswer,
): Running {
  const last = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const headers = { accept: "text/event-stream", ...keys, ...last };
  return wire.send(
    { method: "GET", headers },
    { head: (head) => answer.head(head), failed: (error) => answer.failed(failureOf(error, wire.url)) },
  );
}

/** What belongs to no request. Where a server has no such stream, nothing is lost. `ended`: its session is unknown there. */
export function openStandalone(transport: TransportHost, keys: SessionKeys, ended: () => void): IncomingStream {
  const { limits, events, wire } = transport;
  const stream = new IncomingStream(
    {
      messageBytes: limits.messageBytes,
      message: (bytes) => {
        events.frame(frameOf(bytes, limits.messageBytes));
        return false;
      },
      chunkDone: events.chunkDone,
      listen: (lastEventId, answer) => askForStream(wire, keys, lastEventId, answer),
      lost: (_reason, status) => {
        if (status !== 404 || keys["mcp-session-id"] === undefined) return;
        ended();
        events.chunkDone();
      },
    },
    false,
  );
  stream.open();
  return stream;
}
