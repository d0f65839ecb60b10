// Decisions, lines and messages to log, and a log that is read back as JSON.
import type { LogLine } from "../../../src/engine/decision.ts";
import type { DecisionRecord } from "../../../src/engine/decision-record.ts";
import type { LoggedMessage } from "../../../src/engine/telling/logged-message.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";
import type { Destination, SinkSettings } from "../../../src/io/log/log-settings.ts";

export const ALLOWED: DecisionRecord = {
  revision: "abc@123",
  kind: "request",
  method: "tools/call",
  from: "client",
  server: "files",
  name: "read_file",
  verdict: "allow",
  rule: "default",
};

export const BLOCKED: DecisionRecord = { ...ALLOWED, verdict: "block", rule: "fence", reason: "Not here." };

export function said(text: string, sink?: string): LogLine {
  const { revision, method, from } = ALLOWED;
  const about = { revision, method, from, server: "files", name: "read_file" };
  return { level: "info", rule: "note", text, ...about, ...(sink !== undefined && { sink }) };
}

export function message(content: JsonValue, bytes = 100): LoggedMessage {
  return { session: "client-1", id: () => 7, bytes, content: () => ({ message: content }) };
}

export function sinkTo(to: Destination, more: Partial<SinkSettings> = {}): SinkSettings {
  return { name: "audit", level: "trace", to, form: ["decisions"], filter: {}, messageBytes: 65_536, ...more };
}

export type JsonLine = Readonly<Record<string, unknown>>;

export function linesOf(text: string): readonly JsonLine[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JsonLine);
}
