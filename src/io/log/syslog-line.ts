// A line of the log as syslog knows it: RFC 5424, with our JSON as its message.
import { hostname } from "node:os";
import type { LogLevel } from "../../language/compiled-policy.ts";
import type { LogEntry } from "./log-entry.ts";

/** RFC 5424, 6.2.1. */
const SEVERITIES: Readonly<Record<LogLevel, number>> = { trace: 7, debug: 7, info: 6, warn: 4, error: 3 };

/** RFC 5424, 6: what goes before every message of this process. A name it would have to quote is left out. */
const HOST = /^[\x21-\x7e]{1,255}$/.test(hostname()) ? hostname() : "-";

/** `json` is one line, with its end; no line end follows in what comes of it. */
export function syslogLine(json: string, { kind, level }: LogEntry, facility: number): string {
  const priority = facility * 8 + SEVERITIES[level];
  return `<${priority}>1 ${new Date().toISOString()} ${HOST} mcprules ${process.pid} ${kind} - ${json.trimEnd()}`;
}
