// One way out for lines of the log, which never makes anybody wait; and what it tells of itself.
import type { LogEntry } from "./log-entry.ts";

export interface Outlet {
  /** One line, with its end. False: there is no room for it now, or it is too long to go this way. */
  offer(line: string, entry: LogEntry): boolean;
  /** Waits a moment for what is still on its way; then it is lost. */
  close(): Promise<void>;
}

/** What an outlet meets while it is open; told each time, and sorted out by whoever listens. */
export interface OutletEvents {
  /** What it tried did not work, and will be tried again. */
  failed(reason: string): void;
  worked(): void;
  /** So many lines it had taken went nowhere. */
  lost(count: number): void;
}

/** Bytes that may wait for a reader who is slow. */
export const KEPT = 4 * 1024 * 1024;

/** Milliseconds that the end of the program waits for lines on their way. */
export const LAST_WAIT_MS = 2000;

/** Milliseconds to wait before the next attempt: each time twice as long, and never all sinks at once. */
export function backoff(attempt: number): number {
  return Math.min(30_000, 500 * 2 ** Math.min(attempt, 6)) * (0.75 + Math.random() / 2);
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses of one name, none answered.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  const { cause } = error;
  return error.message === "" || cause instanceof Error ? reasonOf(cause ?? error.name) : error.message;
}
