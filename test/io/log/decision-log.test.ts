// The log: which level a decision has, how it reads as JSON and at a terminal, and that it never holds a message up.
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogLine } from "../../../src/engine/decision.ts";
import type { DecisionRecord } from "../../../src/engine/decision-record.ts";
import { levelOfRecord, openDecisionLog } from "../../../src/io/log/decision-log.ts";
import { createHumanLines } from "../../../src/io/log/human-log.ts";
import { lineOf } from "../../../src/io/log/line.ts";
import { Sink } from "../../../src/io/log/sink.ts";
import { streamOutlet } from "../../../src/io/log/stream-outlet.ts";
import type { LogEntry } from "../../../src/io/log/log-entry.ts";
import { ALLOWED } from "./records.ts";

const BLOCKED: DecisionRecord = {
  ...ALLOWED,
  verdict: "block",
  rule: "fence",
  place: "rules/a.mcprules:3:1",
  reason: "Not here.",
};

const NOTED: LogLine = {
  level: "warn",
  revision: "abc@123",
  rule: "mask-keys",
  method: "tools/call",
  from: "server",
  server: "files",
  name: "read_file",
  text: "a key was masked",
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mcprules-log-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["plain permission", ALLOWED, "debug"],
  ["what a rule changed", { ...ALLOWED, changedBy: ["mask"] }, "info"],
  ["what shadow rules say", { ...ALLOWED, shadow: [{ rule: "r", would: "block" }] }, "info"],
  ["an exception in use", { ...ALLOWED, exceptions: ["incident"] }, "info"],
  ["an answer", { ...ALLOWED, verdict: "answer" as const }, "info"],
  ["a refusal", BLOCKED, "warn"],
  ["a notification dropped", { ...ALLOWED, verdict: "drop" as const }, "warn"],
  ["a rule that failed open", { ...ALLOWED, failedOpen: ["r"] }, "warn"],
  ["what a human approved", { ...ALLOWED, approval: { outcome: "approved" as const, digest: "d" } }, "info"],
  ["a thing hidden from a list", { ...BLOCKED, kind: "catalogue" as const }, "debug"],
])("%s has its level", (_what, record, level) => {
  expect(levelOfRecord(record)).toBe(level);
});

describe("as JSON", () => {
  async function logged(level: "debug" | "info" | "error"): Promise<readonly Record<string, unknown>[]> {
    const to = join(folder, `${level}.log`);
    const log = await openDecisionLog({ level, to });
    log.record(ALLOWED);
    log.record(BLOCKED);
    log.line(NOTED);
    log.report("error", "two\nlines", "files");
    log.serverSaid("files", "listening");
    await log.close();
    const lines = readFileSync(to, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  test("each is one line that names its kind, level and time", async () => {
    const lines = await logged("debug");
    expect(lines.every(({ time }) => !Number.isNaN(Date.parse(String(time))))).toBe(true);
    expect(lines).toMatchObject([
      { event: "decision", level: "debug", ...ALLOWED },
      { event: "decision", level: "warn", ...BLOCKED },
      {
        event: "log",
        level: "warn",
        revision: "abc@123",
        rule: "mask-keys",
        method: "tools/call",
        from: "server",
        server: "files",
        name: "read_file",
        msg: "a key was masked",
      },
      { event: "report", level: "error", server: "files", msg: "two\nlines" },
      { event: "stderr", level: "info", server: "files", msg: "listening" },
    ]);
  });

  test("what lies below the level is left out", async () => {
    expect((await logged("info")).map(({ event }) => event)).toEqual(["decision", "log", "report", "stderr"]);
    expect((await logged("error")).map(({ event }) => event)).toEqual(["report"]);
  });

  test("a file is for its owner only", async () => {
    await logged("info");
    expect(statSync(join(folder, "info.log")).mode & 0o777).toBe(0o600);
  });

  test("a file that cannot be opened is an error at once", async () => {
    const to = join(folder, "no/such/folder/x.log");
    await expect(openDecisionLog({ level: "info", to })).rejects.toThrow("ENOENT");
  });
});

describe("at a terminal", () => {
  const line = createHumanLines(false);
  const read = (entry: Parameters<typeof line>[0]): string => line(entry).slice("00:00:00 ".length);

  test.each([
    [BLOCKED, "block    tools/call read_file on files Not here. (fence rules/a.mcprules:3:1)\n"],
    [ALLOWED, "allow    tools/call read_file on files (default)\n"],
    [
      { ...ALLOWED, kind: "result" as const, changedBy: ["mask"] },
      "change   result of tools/call read_file on files (default; changed by mask)\n",
    ],
  ])("a decision reads as a sentence", (record, text) => {
    expect(read({ kind: "decision", level: "info", record })).toBe(text);
  });

  test("a message stands behind its decision, if it is not too long", () => {
    const message = { session: "client-1", id: () => 7, bytes: 99, content: () => ({ message: { params: { a: 1 } } }) };
    const entry = { kind: "message", level: "info", record: ALLOWED, message } as const;
    const sentence = "allow    tools/call read_file on files (default)";
    expect(read({ ...entry, isWhole: true })).toBe(`${sentence} {"message":{"params":{"a":1}}}\n`);
    expect(read({ ...entry, isWhole: false })).toBe(`${sentence} (99 bytes)\n`);
  });

  test("code frames keep their lines", () => {
    expect(read({ kind: "report", level: "error", text: "refused\n\n1 | x\n  | ^\n", server: undefined })).toBe(
      "error    refused\n\n1 | x\n  | ^\n",
    );
  });

  test("what comes from outside cannot steer it", () => {
    const text = "\u001B[2J\u001B]0;title\u0007 ok \u202Ereversed";
    expect(read({ kind: "stderr", level: "info", server: "files", text })).toBe(
      "stderr   files \uFFFD[2J\uFFFD]0;title\uFFFD ok \uFFFDreversed\n",
    );
    expect(read({ kind: "decision", level: "warn", record: { ...BLOCKED, name: text, reason: text } })).not.toContain(
      "\u001B",
    );
  });

  test("colours are for those who want them", () => {
    expect(createHumanLines(true)({ kind: "decision", level: "warn", record: BLOCKED })).toContain("\u001B[31mblock");
  });
});

test("a reader who is slow loses lines, is told how many, and slows nobody down", async () => {
  const taken: string[] = [];
  let release: (() => void) | undefined;
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      taken.push(chunk.toString());
      if (release === undefined) release = done;
      else done();
    },
  });
  const complaints: string[] = [];
  const options = { name: "main", level: "info", form: ["reports"], filter: {}, messageBytes: 0 } as const;
  const toText = (entry: LogEntry): string => (entry.kind === "report" ? entry.text : "");
  const sink = new Sink({ ...options, toText, complain: (text) => complaints.push(text) });
  sink.open(streamOutlet(stream));
  const write = (text: string): void => sink.write(lineOf({ kind: "report", level: "info", text, server: undefined }));
  for (let index = 0; index < 100; index += 1) write("x".repeat(100_000));
  release?.();
  await new Promise(setImmediate);
  write("last");
  await sink.close();
  const dropped = 100 - (taken.length - 2);
  expect(taken.length).toBeLessThan(60);
  expect(taken.slice(-2)).toEqual([`${dropped} lines of the log were dropped`, "last"]);
  expect(sink.dropped).toBe(dropped);
  expect(complaints).toEqual([`the sink \`main\` dropped ${dropped} lines`]);
});
