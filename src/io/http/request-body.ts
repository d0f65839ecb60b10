// The body of a request, whole, on one line, and not longer than it may be.
import type { IncomingMessage } from "node:http";

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const EMPTY = Buffer.alloc(0);

/** `done` gets `undefined` when it is longer than `limit` bytes; nothing when the client left in the middle. */
export function readBody(request: IncomingMessage, limit: number, done: (body: Buffer | undefined) => void): void {
  const announced = Number(request.headers["content-length"]);
  if (announced > limit) {
    done(undefined);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("error", () => undefined);
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else if (length - chunk.length <= limit) done(undefined);
  });
  request.on("end", () => {
    if (length <= limit) done(onOneLine(joined(chunks, length)));
  });
}

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
