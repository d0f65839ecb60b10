// The log: one line for each decision, each `log` of a rule, what servers say on stderr, and what the operator should know.
import type { LogLine } from "../../engine/decision.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { LoggedMessage } from "../../engine/telling/logged-message.ts";
import type { LogLevel } from "../../language/compiled-policy.ts";
import { createHumanLines } from "./human-log.ts";
import { type Line, lineOf } from "./line.ts";
import type { Form, LogSettings } from "./log-settings.ts";
import { RANKS, Sink } from "./sink.ts";
import { streamOutlet } from "./stream-outlet.ts";
import type { LogEntry, ReportLevel } from "./log-entry.ts";

export interface DecisionLog {
  /** `message`: what it is about, if that is wanted. */
  record(record: DecisionRecord, message?: LoggedMessage): void;
  /** What a rule's `log` says. */
  line(line: LogLine): void;
  /** `text` may have several lines, such as a code frame. */
  report(level: ReportLevel, text: string, server?: string): void;
  /** A line that a server wrote to its stderr. */
  serverSaid(server: string, text: string): void;
  close(): Promise<void>;
  /** Some sink takes whole messages. */
  readonly wantsMessages?: boolean;
  /** How many lines went nowhere, by sink. */
  dropped?(): ReadonlyMap<string, number>;
}

/** JSON lines; in a terminal, lines for people. Rejects when the file, or one of the sinks, cannot be opened. */
export async function openDecisionLog(settings: LogSettings, stderr = process.stderr): Promise<DecisionLog> {
  const toText = stderr.isTTY ? createHumanLines(!process.env["NO_COLOR"] && stderr.hasColors()) : undefined;
  const main = await openMain(settings, stderr, toText);
  const { sinks = [] } = settings;
  if (sinks.length === 0) return decisionLog(main, []);
  const complain = (text: string): void => main.write(reportLine("warn", text));
  try {
    const { openSinks } = await import("./open-sinks.ts");
    return decisionLog(main, await openSinks(sinks, { complain, toText, stderr: () => streamOutlet(stderr) }));
  } catch (error) {
    await main.close();
    throw error;
  }
}

/**
 * Plain permission is for those who look closely; what a policy changes, asks or lets through in spite of a failure is for
 * everybody, and what it refuses stands out. A list that hides things says so each time it is asked for, quietly.
 */
export function levelOfRecord(record: DecisionRecord): LogLevel {
  const { kind, verdict, changedBy, shadow, exceptions, failedOpen, unpacked, approval } = record;
  if (failedOpen !== undefined) return "warn";
  if (kind === "catalogue") return "debug";
  if (verdict === "block" || verdict === "drop") return "warn";
  const isNoted = (changedBy ?? shadow ?? exceptions ?? unpacked ?? approval) !== undefined;
  return verdict === "allow" && !isNoted ? "debug" : "info";
}

const MAIN = { name: "main", form: ["decisions", "reports"], filter: {}, messageBytes: 0 } as const;

async function openMain(
  { level, to }: LogSettings,
  stderr: NodeJS.WriteStream,
  toText: ((entry: LogEntry) => string) | undefined,
): Promise<Sink> {
  if (to === "stderr") {
    const sink = new Sink({ ...MAIN, level, toText, complain: () => undefined });
    sink.open(streamOutlet(stderr));
    return sink;
  }
  const complain = (text: string): void => void stderr.write(`mcprules: ${text}\n`);
  const sink = new Sink({ ...MAIN, level, complain });
  const { openFileOutlet } = await import("./file-outlet.ts");
  sink.open(await openFileOutlet({ kind: "file", path: to, rotate: undefined }, sink));
  return sink;
}

function reportLine(level: ReportLevel, text: string, server?: string): Line {
  return lineOf({ kind: "report", level, text, server });
}

function decisionLog(main: Sink, others: readonly Sink[]): DecisionLog {
  const all = [main, ...others];
  const bar = Math.min(...all.map(({ rank }) => rank));
  const spread = (line: Line, form: Form): void => {
    for (const sink of all) if (sink.takes(form) && sink.isMeant(line.entry)) sink.write(line);
  };
  const records = recordWriter(all);
  return {
    record: (record, message) => {
      const level = levelOfRecord(record);
      if (RANKS[level] >= bar) records(level, record, message);
    },
    line: (line) => {
      const addressee = line.sink === undefined ? undefined : (others.find(({ name }) => name === line.sink) ?? main);
      const made = lineOf({ kind: "log", level: line.level, line });
      if (addressee === undefined) spread(made, "decisions");
      else if (RANKS[line.level] >= addressee.rank) addressee.write(made);
    },
    report: (level, text, server) => spread(reportLine(level, text, server), "reports"),
    serverSaid: (server, text) => spread(lineOf({ kind: "stderr", level: "info", server, text }), "reports"),
    close: async () => {
      await Promise.all(others.map((sink) => sink.close()));
      await main.close();
    },
    wantsMessages: all.some((sink) => sink.takes("messages")),
    dropped: () => new Map(all.map(({ name, dropped }) => [name, dropped])),
  };
}

/** Whoever takes messages as well gets one line for both. */
function recordWriter(sinks: readonly Sink[]) {
  return (level: LogLevel, record: DecisionRecord, message: LoggedMessage | undefined): void => {
    const lines = new Map<string, Line>();
    const shared = (key: string, entry: () => LogEntry): Line => {
      const line = lines.get(key) ?? lineOf(entry());
      lines.set(key, line);
      return line;
    };
    for (const sink of sinks) {
      const isMessage = message !== undefined && sink.takes("messages");
      if (!isMessage && !sink.takes("decisions")) continue;
      const isWhole = isMessage && message.bytes <= sink.messageBytes;
      const line = isMessage
        ? shared(isWhole ? "whole" : "short", () => ({ kind: "message", level, record, message, isWhole }))
        : shared("decision", () => ({ kind: "decision", level, record }));
      if (sink.isMeant(line.entry)) sink.write(line);
    }
  };
}
