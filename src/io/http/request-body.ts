// The body of a request, whole, on one line, and not longer than it may be.
import type { IncomingMessage } from "node:http";
import { LINE_FEED, RETURN, SPACE } from "../../message/json-bytes/scan.ts";
import type { ClientRequest } from "./request-and-response.ts";

const EMPTY = Buffer.alloc(0);

export interface BodyEvents {
  /** It is here. Not told when the client left in the middle. */
  whole(body: Buffer): void;
  /** It is longer than it may be, told as soon as that is known. */
  tooLong(): void;
  /** The first and last bytes of one that is too long, once it has passed by. */
  edges(start: Buffer, end: Buffer): void;
}

/** Of a body that is too long, the bytes at either side that are kept to tell what it was. */
const EDGE = 4096;

/** `limit` in bytes. */
export function readBody(request: ClientRequest, limit: number, events: BodyEvents): void {
  if (!("body" in request)) collectBody(request, limit, events);
  else if (request.body.length <= limit) events.whole(onOneLine(request.body));
  else {
    events.tooLong();
    events.edges(request.body.subarray(0, EDGE), request.body.subarray(-EDGE));
  }
}

/** What is longer is not kept, but read on, so that the client lives to see the answer. */
function collectBody(request: IncomingMessage, limit: number, events: BodyEvents): void {
  let isTooLong = Number(request.headers["content-length"]) > limit;
  if (isTooLong) events.tooLong();
  let chunks: Buffer[] = [];
  let start: Buffer | undefined;
  let end = EMPTY;
  let length = 0;
  request.on("error", ignore);
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    start ??= chunk.subarray(0, EDGE);
    if (length <= limit && !isTooLong) {
      // Mostly it comes in one.
      if (chunks.length === 0) chunks = [chunk];
      else chunks.push(chunk);
      return;
    }
    if (!isTooLong) events.tooLong();
    isTooLong = true;
    chunks = [];
    end = Buffer.concat([end, chunk.subarray(-EDGE)]).subarray(-EDGE);
  });
  request.on("end", () => {
    if (isTooLong) events.edges(start ?? EMPTY, end);
    else events.whole(onOneLine(joined(chunks, length)));
  });
}

/** A client that leaves in the middle has nothing to be told. */
function ignore(): void {}

function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [first = EMPTY] = chunks;
  return chunks.length < 2 ? first : Buffer.concat(chunks, length);
}

/**
 * A message goes on to servers that read one from each line: a line end in it, which JSON allows between its parts only,
 * would make two of it. Changed in place.
 */
function onOneLine(bytes: Buffer): Buffer {
  for (const end of [LINE_FEED, RETURN]) {
    for (let at = bytes.indexOf(end); at !== -1; at = bytes.indexOf(end, at + 1)) bytes[at] = SPACE;
  }
  return bytes;
}
