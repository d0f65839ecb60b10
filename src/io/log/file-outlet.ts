// Lines to a file, which only its owner may read; and to a new one every so often, if it is rotated.
import { once } from "node:events";
import { SonicBoom } from "sonic-boom";
import type { FileDestination, RotateSettings } from "./log-settings.ts";
import { KEPT, LAST_WAIT_MS, type Outlet, type OutletEvents, reasonOf } from "./outlet.ts";
import { isInTime } from "../in-time.ts";

const OPEN_MS = 5000;
const RETRY_MS = 1000;
const OPTIONS = { mode: 0o600, maxLength: KEPT };

/** Appends. Rejects when the file cannot be opened. */
export async function openFileOutlet({ path, rotate }: FileDestination, events: OutletEvents): Promise<Outlet> {
  const stream = rotate === undefined ? new SonicBoom({ ...OPTIONS, dest: path }) : await openRolling(path, rotate);
  // Its errors come as events from here on; `once` turns the first into a rejection.
  if (!(await isInTime(OPEN_MS, once(stream, "ready")))) throw new Error(`\`${path}\` does not open`);
  return fileOutlet(stream, events);
}

/**
 * pino-roll as a stream in this thread: pino would start a worker for it, which takes longer to start than we do and costs
 * a copy per line. With a date in the name, since without one it counts from 1 again every day, and removes the wrong files.
 */
async function openRolling(path: string, { bytes, every, keep }: RotateSettings): Promise<SonicBoom> {
  const { default: roll } = await import("pino-roll");
  return roll({
    ...OPTIONS,
    file: path,
    limit: { count: keep + 1, removeOtherLogFiles: true },
    ...(bytes !== undefined && { size: `${bytes}b` }),
    ...(every === "day" && { frequency: "daily", dateFormat: "yyyy-MM-dd" }),
    ...(every === "hour" && { frequency: "hourly", dateFormat: "yyyy-MM-dd-HH" }),
  });
}

/** SonicBoom keeps what it could not write, and tries again with the next line; a quiet log is nudged. */
function fileOutlet(stream: SonicBoom, events: OutletEvents): Outlet {
  let isDropped = false;
  let nudge: NodeJS.Timeout | undefined;
  stream.on("drop", () => {
    isDropped = true;
  });
  stream.on("write", () => events.worked());
  stream.on("error", (error: Error) => {
    events.failed(reasonOf(error));
    nudge ??= setTimeout(() => {
      nudge = undefined;
      stream.write("");
    }, RETRY_MS).unref();
  });
  // What ends the program at once still leaves its last words.
  const flush = (): void => flushNow(stream);
  process.on("exit", flush);
  return {
    offer: (line) => {
      isDropped = false;
      stream.write(line);
      return !isDropped;
    },
    close: async () => {
      const closed = new Promise<void>((tell) => {
        stream.once("close", () => tell());
      });
      stream.end();
      const isClosed = await isInTime(LAST_WAIT_MS, closed);
      clearTimeout(nudge);
      process.off("exit", flush);
      if (!isClosed) stream.destroy();
    },
  };
}

function flushNow(stream: SonicBoom): void {
  try {
    stream.flushSync();
  } catch {
    // Whoever is ending has nobody to tell.
  }
}
