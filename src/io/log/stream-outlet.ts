// Lines to a stream of this process, such as stderr.
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { KEPT, type Outlet } from "./outlet.ts";

const LAST_WAIT_MS = 500;

export function streamOutlet(stream: Writable): Outlet {
  // A log nobody reads any more is no reason to stop serving.
  stream.on("error", () => undefined);
  return {
    offer: (line) => {
      if (stream.writableLength > KEPT) return false;
      stream.write(line);
      return true;
    },
    close: () => drained(stream),
  };
}

/** Waits until everything written was taken, a moment at most. */
export async function drained(stream: Writable, waitMs = LAST_WAIT_MS): Promise<void> {
  const last = performance.now() + waitMs;
  while (stream.writableLength > 0 && !stream.destroyed && performance.now() < last) await delay(5);
}
