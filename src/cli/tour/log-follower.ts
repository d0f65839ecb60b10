// The proxy's log, line by line, as it comes.
import { setTimeout as delay } from "node:timers/promises";
import type { Readable } from "node:stream";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { LogEntry } from "../../io/log/log-entry.ts";

export interface LogFollower {
  /** All decisions so far, in order. */
  readonly decisions: readonly DecisionRecord[];
  /** Everything that is no log entry: what a proxy says that did not come so far as to log. */
  readonly noise: readonly string[];
  /** One listener; another takes its place. */
  onEntry(listener: (entry: LogEntry) => void): void;
  /** Waits for the entries that belong to something that has happened already; they come by another pipe. */
  settled(isThere: (decisions: readonly DecisionRecord[]) => boolean): Promise<void>;
}

/** A log line that is still missing after this long will not come. */
const LONGEST_WAIT_MS = 500;

export function followLog(stream: Readable): LogFollower {
  const decisions: DecisionRecord[] = [];
  const noise: string[] = [];
  let listener: (entry: LogEntry) => void = () => undefined;
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const entry = entryOf(line);
      if (entry?.kind === "decision") decisions.push(entry.record);
      if (entry) listener(entry);
      else noise.push(line);
    }
  });
  return {
    decisions,
    noise,
    onEntry: (next) => {
      listener = next;
    },
    settled: async (isThere) => {
      const last = performance.now() + LONGEST_WAIT_MS;
      while (!isThere(decisions) && performance.now() < last) await delay(5);
    },
  };
}

/** The inverse of how the log writes an entry as JSON. */
function entryOf(line: string): LogEntry | undefined {
  if (!line.startsWith("{")) return undefined;
  const { event, level, msg, time: _, ...fields } = JSON.parse(line) as JsonLine;
  switch (event) {
    case "decision":
      return { kind: "decision", level, record: fields as DecisionRecord };
    case "log": {
      const { rule = "", revision = "", method = "", from = "client" } = fields;
      return { kind: "log", level, line: { ...fields, level, rule, revision, method, from, text: msg } };
    }
    // The tour has no sink that takes whole messages.
    case "message":
      return undefined;
    case "report":
      return { kind: "report", level, text: msg, server: fields.server };
    case "stderr":
      return { kind: "stderr", level, text: msg, server: fields.server ?? "" };
  }
}

interface JsonLine extends Partial<DecisionRecord> {
  readonly event: LogEntry["kind"];
  readonly level: "info";
  readonly msg: string;
  readonly time: string;
  readonly sink?: string;
}
