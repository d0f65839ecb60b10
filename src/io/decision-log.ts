// The log: one line for each decision, each `log` of a rule, what servers say on stderr, and what the operator should know.
import { pino } from "pino";
import type { LogLine } from "../engine/decision.ts";
import type { DecisionRecord } from "../engine/decision-record.ts";
import type { LogLevel } from "../language/compiled-policy.ts";
import { createHumanLines } from "./human-log.ts";
import type { LogEntry, ReportLevel } from "./log-entry.ts";
import { fileSink, type LogSink, streamSink } from "./log-sink.ts";
import type { Settings } from "./settings.ts";

export interface DecisionLog {
  record(record: DecisionRecord): void;
  /** What a rule's `log` says. */
  line(line: LogLine): void;
  /** `text` may have several lines, such as a code frame. */
  report(level: ReportLevel, text: string, server?: string): void;
  /** A line that a server wrote to its stderr. */
  serverSaid(server: string, text: string): void;
  close(): Promise<void>;
}

const RANKS: Readonly<Record<LogLevel, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4 };

/** JSON lines; in a terminal, lines for people. Throws when the file cannot be opened. */
export function openDecisionLog({ level, to }: Settings["log"], stderr = process.stderr): DecisionLog {
  if (to !== "stderr") return decisionLog(level, jsonLines(level, fileSink(to, droppedAsJson)));
  if (!stderr.isTTY) return decisionLog(level, jsonLines(level, streamSink(stderr, droppedAsJson)));
  const isColoured = !process.env["NO_COLOR"] && stderr.hasColors();
  const toLine = createHumanLines(isColoured);
  const sink = streamSink(stderr, (count) => `${count} lines of the log were dropped\n`);
  return decisionLog(level, { write: (entry) => sink.write(toLine(entry)), close: () => sink.close() });
}

/**
 * Plain permission is for those who look closely; what a policy changes, asks or lets through in spite of a failure is for
 * everybody, and what it refuses stands out. A list that hides things says so each time it is asked for, quietly.
 */
export function levelOfRecord(record: DecisionRecord): LogLevel {
  const { kind, verdict, changedBy, shadow, exceptions, failedOpen } = record;
  if (failedOpen !== undefined) return "warn";
  if (kind === "catalogue") return "debug";
  if (verdict === "block" || verdict === "drop") return "warn";
  const isPlain = verdict === "allow" && changedBy === undefined && shadow === undefined && exceptions === undefined;
  return isPlain ? "debug" : "info";
}

interface LogOutput {
  write(entry: LogEntry): void;
  close(): Promise<void>;
}

function decisionLog(least: LogLevel, output: LogOutput): DecisionLog {
  const bar = RANKS[least];
  const write = (entry: LogEntry): void => {
    if (RANKS[entry.level] >= bar) output.write(entry);
  };
  return {
    record: (record) => {
      const level = levelOfRecord(record);
      if (RANKS[level] >= bar) output.write({ kind: "decision", level, record });
    },
    line: (line) => write({ kind: "log", level: line.level, line }),
    report: (level, text, server) => write({ kind: "report", level, text, server }),
    serverSaid: (server, text) => write({ kind: "stderr", level: "info", server, text }),
    close: () => output.close(),
  };
}

function jsonLines(level: LogLevel, sink: LogSink): LogOutput {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  return {
    write: (entry) => {
      const { fields, text } = fieldsOf(entry);
      log[entry.level]({ event: entry.kind, ...fields }, text);
    },
    close: () => sink.close(),
  };
}

function fieldsOf(entry: LogEntry): { readonly fields: object; readonly text?: string } {
  switch (entry.kind) {
    case "decision":
      return { fields: entry.record };
    case "log": {
      const { rule, sink, text } = entry.line;
      return { fields: sink === undefined ? { rule } : { rule, sink }, text };
    }
    case "report":
      return { fields: entry.server === undefined ? {} : { server: entry.server }, text: entry.text };
    case "stderr":
      return { fields: { server: entry.server }, text: entry.text };
  }
}

function droppedAsJson(count: number): string {
  return `${JSON.stringify({ level: "warn", time: new Date().toISOString(), event: "report", msg: `${count} lines of the log were dropped` })}\n`;
}
