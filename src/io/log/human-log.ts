// Log lines for people at a terminal: the time, the verdict in its colour, what it was about, who decided and why.
import { styleText } from "node:util";
import type { ApprovalRecord, DecisionRecord } from "../../engine/decision-record.ts";
import { printable } from "../../source/display-width.ts";
import type { LogEntry } from "./log-entry.ts";

type Style = Parameters<typeof styleText>[0];

/** The line end is included. What came from outside cannot steer the terminal. */
export function createHumanLines(isColoured: boolean): (entry: LogEntry) => string {
  const paint = (style: Style, text: string): string =>
    isColoured && text !== "" ? styleText(style, text, { validateStream: false }) : text;
  return (entry) => {
    const time = paint("dim", new Date().toTimeString().slice(0, 8));
    return `${time} ${entryText(entry, paint)}\n`;
  };
}

type Paint = (style: Style, text: string) => string;

const LEVEL_STYLES = { trace: "dim", debug: "dim", info: "cyan", warn: "yellow", error: "red" } as const;

function entryText(entry: LogEntry, paint: Paint): string {
  switch (entry.kind) {
    case "decision":
      return decisionText(entry.record, paint);
    case "message":
      return `${decisionText(entry.record, paint)} ${paint("dim", printable(messageText(entry)))}`;
    case "log": {
      const { rule, text, sink } = entry.line;
      const to = sink === undefined ? "" : ` to ${sink}`;
      return `${paint(LEVEL_STYLES[entry.level], "log".padEnd(8))} ${printable(text)} ${paint("dim", `(${rule}${to})`)}`;
    }
    case "report": {
      const about = entry.server === undefined ? "" : `${paint("bold", entry.server)} `;
      return `${paint(LEVEL_STYLES[entry.level], entry.level.padEnd(8))} ${about}${printableLines(entry.text)}`;
    }
    case "stderr":
      return `${paint("dim", "stderr".padEnd(8))} ${paint("bold", entry.server)} ${paint("dim", printable(entry.text))}`;
  }
}

function messageText({ message, isWhole }: Extract<LogEntry, { readonly kind: "message" }>): string {
  return isWhole ? JSON.stringify(message.content() ?? "(it cannot be masked)") : `(${message.bytes} bytes)`;
}

function decisionText(record: DecisionRecord, paint: Paint): string {
  const { method, name, server, rule, place, reason } = record;
  const what = [
    method,
    name === undefined ? "" : paint("bold", printable(name)),
    server === undefined ? "" : `on ${server}`,
  ];
  const part = record.kind === "result" || record.kind === "error" ? [`${record.kind} of`, ...what] : what;
  const by = rule === undefined ? "" : `${rule}${place === undefined ? "" : ` ${place}`}`;
  const notes = [by, ...notesOf(record)].filter((note) => note !== "").join("; ");
  const why = reason === undefined ? "" : ` ${printable(reason)}`;
  return `${verdictText(record, paint)} ${part.filter((word) => word !== "").join(" ")}${why} ${paint("dim", notes === "" ? "" : `(${notes})`)}`.trimEnd();
}

function verdictText({ verdict, changedBy, unpacked }: DecisionRecord, paint: Paint): string {
  switch (verdict) {
    case "block":
    case "drop":
      return paint("red", verdict.padEnd(8));
    case "answer":
    case "ask":
      return paint("cyan", verdict.padEnd(8));
    case "allow":
      return (changedBy ?? unpacked) === undefined ? paint("green", "allow   ") : paint("yellow", "change  ");
  }
}

function notesOf({
  approval,
  cache,
  changedBy,
  exceptions,
  failedOpen,
  over,
  shadow,
  tags,
  unpacked,
}: DecisionRecord): readonly string[] {
  return [
    listed("changed by", changedBy),
    listed("unpacked", unpacked),
    listed("exception", exceptions),
    listed("failed open", failedOpen),
    over === undefined ? "" : `over ${over}`,
    cache === undefined ? "" : `cache ${cache}`,
    listed(
      "in shadow",
      shadow?.map(({ rule, would }) => `${rule} would ${would}`),
    ),
    listed("tags", tags),
    approval === undefined ? "" : printable(approvalText(approval)),
  ];
}

function approvalText({ channel, by, outcome }: ApprovalRecord): string {
  const how = [outcome, channel === undefined ? "" : `by ${channel}`, by === undefined ? "" : `(${by})`];
  return how.filter((word) => word !== "").join(" ");
}

function listed(title: string, words: readonly string[] | undefined): string {
  return words === undefined || words.length === 0 ? "" : `${title} ${words.join(", ")}`;
}

/** Further lines stand below the first, such as those of a code frame. */
function printableLines(text: string): string {
  return text.trimEnd().split("\n").map(printable).join("\n");
}
