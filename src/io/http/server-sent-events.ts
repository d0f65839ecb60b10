// Messages as server-sent events, and the responses that carry them.
import type { MessageBytes } from "../../dispatch/event.ts";
import type { ClientResponse } from "./request-and-response.ts";

/** Bytes up to which one copy is cheaper than several writes. */
const SMALL = 16 * 1024;

const END = Buffer.from("\n\n");
const COMMENT = Buffer.from(":\n\n");
const NEXT_LINE = Buffer.from("\ndata: ");

/** `id`: what a client that comes back names as the last it has seen; `undefined`: it cannot come back. */
export function messageEvent(id: string | undefined, message: MessageBytes): MessageBytes {
  const head = id === undefined ? "event: message\ndata: " : `event: message\nid: ${id}\ndata: `;
  return [Buffer.from(head), ...message.flatMap(linesOf), END];
}

export function namedEvent(name: string, text: string): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${text}\n\n`);
}

/** Says nothing, but gives an id to come back with (2025-11-25, Transports, Sending Messages). */
export function primingEvent(id: string): Buffer {
  return Buffer.from(`id: ${id}\ndata: \n\n`);
}

export function openEventStream(response: ClientResponse, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, {
    ...headers,
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    // Asks proxies such as nginx not to hold events back.
    "x-accel-buffering": "no",
  });
  response.flushHeaders();
}

/** Tells a client, and whatever lies between, that the stream is alive; and us, when it is not. */
export function keepAlive(response: ClientResponse): void {
  response.write(COMMENT);
}

export function writePieces(response: ClientResponse, pieces: MessageBytes): void {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length <= SMALL) {
    response.write(Buffer.concat(pieces, length));
    return;
  }
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.uncork();
}

/** A JSON text may be broken into lines, as long as each is marked. */
function linesOf(piece: Buffer): MessageBytes {
  if (!piece.includes("\n") && !piece.includes("\r")) return [piece];
  const [first = "", ...rest] = piece.toString("latin1").split(/\r\n|\r|\n/);
  return [Buffer.from(first, "latin1"), ...rest.flatMap((line) => [NEXT_LINE, Buffer.from(line, "latin1")])];
}
