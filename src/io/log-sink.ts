// Where log lines go: a stream that never slows a message. What cannot be kept up with is dropped, counted and said.
import { closeSync, createWriteStream, fsyncSync, openSync } from "node:fs";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

export interface LogSink {
  /** One line, with its end. */
  write(line: string): void;
  /** Waits a moment for what is still on its way. */
  close(): Promise<void>;
}

/** Bytes that may wait for a reader who is slow. */
const KEPT = 4 * 1024 * 1024;
const LAST_WAIT_MS = 500;

/** `sayDropped` makes the line that tells how many were dropped. */
export function streamSink(stream: Writable, sayDropped: (count: number) => string): LogSink {
  let dropped = 0;
  // A log nobody reads any more is no reason to stop serving.
  stream.on("error", () => undefined);
  return {
    write: (line) => {
      if (stream.writableLength > KEPT) {
        dropped += 1;
        return;
      }
      if (dropped > 0) stream.write(sayDropped(dropped));
      dropped = 0;
      stream.write(line);
    },
    close: () => drained(stream),
  };
}

/** Appends; only the owner may read it. Throws when the file cannot be opened. */
export function fileSink(path: string, sayDropped: (count: number) => string): LogSink {
  const descriptor = openSync(path, "a", 0o600);
  const stream = createWriteStream(path, { fd: descriptor, autoClose: false });
  const sink = streamSink(stream, sayDropped);
  return {
    write: (line) => sink.write(line),
    close: async () => {
      await sink.close();
      fsyncSync(descriptor);
      closeSync(descriptor);
    },
  };
}

/** Waits a moment, or for so long, until everything written was taken. */
export async function drained(stream: Writable, waitMs = LAST_WAIT_MS): Promise<void> {
  const last = performance.now() + waitMs;
  while (stream.writableLength > 0 && !stream.destroyed && performance.now() < last) await delay(5);
}
