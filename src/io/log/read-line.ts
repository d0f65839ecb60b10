// A line of the log, back to the entry it was made from: for people who read the log of another process.
import type { LogLine } from "../../engine/decision.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { LogLevel } from "../../language/compiled-policy.ts";
import type { LogEntry, ReportLevel } from "./log-entry.ts";

/** `undefined`: it is none that people have a form for. */
export function entryOf(value: unknown): LogEntry | undefined {
  const line = Object(value) as WrittenLine;
  switch (line.event) {
    case "decision": {
      const { event: _event, time: _time, level, ...record } = line;
      return { kind: "decision", level, record };
    }
    case "log": {
      const { event: _event, time: _time, msg: text, ...said } = line;
      return { kind: "log", level: said.level, line: { ...said, text } };
    }
    case "report":
      return { kind: "report", level: line.level, text: line.msg, server: line.server };
    case "stderr":
      return { kind: "stderr", level: "info", text: line.msg, server: line.server };
    case "message":
      return undefined;
  }
}

type WrittenLine = { readonly time: string } & (
  | ({ readonly event: "decision"; readonly level: LogLevel } & DecisionRecord)
  | { readonly event: "message" }
  | ({ readonly event: "log"; readonly msg: string } & Omit<LogLine, "text">)
  | { readonly event: "report"; readonly level: ReportLevel; readonly msg: string; readonly server?: string }
  | { readonly event: "stderr"; readonly msg: string; readonly server: string }
);
