// An entry of the log as a line of JSON, made once for all sinks that take it.
import { type Logger, pino } from "pino";
import type { LoggedMessage } from "../../engine/telling/logged-message.ts";
import type { LogEntry } from "./log-entry.ts";

export interface Line {
  readonly entry: LogEntry;
  /** With its end. */
  json(): string;
}

export function lineOf(entry: LogEntry): Line {
  let made: string | undefined;
  return {
    entry,
    json: () => {
      made ??= jsonOf(entry);
      return made;
    },
  };
}

let written = "";
/** Made for the first line. */
let log: Logger | undefined;

/** pino hands over each line before it returns. */
function createLog(): Logger {
  return pino(
    {
      level: "trace",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write: (line: string) => {
        written = line;
      },
    },
  );
}

function jsonOf(entry: LogEntry): string {
  const { fields, text } = fieldsOf(entry);
  log ??= createLog();
  log[entry.level]({ event: entry.kind, ...fields }, text);
  return written;
}

function fieldsOf(entry: LogEntry): { readonly fields: object; readonly text?: string } {
  switch (entry.kind) {
    case "decision":
      return { fields: entry.record };
    case "message":
      return { fields: { ...entry.record, ...messageFields(entry.message, entry.isWhole) } };
    case "log": {
      const { level: _, text, ...fields } = entry.line;
      return { fields, text };
    }
    case "report":
      return { fields: entry.server === undefined ? {} : { server: entry.server }, text: entry.text };
    case "stderr":
      return { fields: { server: entry.server }, text: entry.text };
  }
}

function messageFields(message: LoggedMessage, isWhole: boolean): object {
  const { session, bytes } = message;
  const id = message.id();
  const held = isWhole
    ? (message.content() ?? { omitted: "it holds what cannot be masked" })
    : { omitted: "it is too long" };
  return { session, ...(id !== undefined && { id }), bytes, ...held };
}
