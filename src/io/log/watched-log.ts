// The log of one face of the proxy: what goes through it is counted, and told to whoever follows it just now.
import { type DecisionLog, levelOfRecord } from "./decision-log.ts";
import { lineOf } from "./line.ts";
import type { Form } from "./log-settings.ts";
import type { Sink } from "./sink.ts";
import type { LogEntry } from "./log-entry.ts";
import { Tally } from "../tally.ts";

export interface WatchedLog extends DecisionLog {
  readonly tally: Tally;
  /** Everything from now on, until the function that is returned is called. */
  follow(sink: Sink): () => void;
}

/** `profile`: named in what the operator should know, where there are several. */
export function watchLog(log: DecisionLog, profile: string | undefined): WatchedLog {
  const tally = new Tally();
  const followers = new Set<Sink>();
  const tell = (entry: LogEntry, form: Form): void => {
    const line = lineOf(entry);
    for (const sink of followers) if (sink.takes(form) && sink.isMeant(entry)) sink.write(line);
  };
  return {
    tally,
    follow: (sink) => {
      followers.add(sink);
      return () => followers.delete(sink);
    },
    record: (record, message) => {
      tally.count(record);
      log.record(record, message);
      if (followers.size > 0) tell({ kind: "decision", level: levelOfRecord(record), record }, "decisions");
    },
    line: (line) => {
      log.line(line);
      if (followers.size > 0) tell({ kind: "log", level: line.level, line }, "decisions");
    },
    report: (level, said, server) => {
      const text = profile === undefined ? said : `profile ${profile}: ${said}`;
      log.report(level, text, server);
      if (followers.size > 0) tell({ kind: "report", level, text, server }, "reports");
    },
    serverSaid: (server, text) => {
      log.serverSaid(server, text);
      if (followers.size > 0) tell({ kind: "stderr", level: "info", server, text }, "reports");
    },
    close: () => log.close(),
    ...(log.wantsMessages === undefined ? {} : { wantsMessages: log.wantsMessages }),
    dropped: () => log.dropped?.() ?? new Map<string, number>(),
  };
}
