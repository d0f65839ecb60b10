// Sinks that are files: forms, levels, filters and addressed lines; rotation; and what happens when a file cannot be written.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DecisionLog, openDecisionLog } from "../../../src/io/log/decision-log.ts";
import type { SinkSettings } from "../../../src/io/log/log-settings.ts";
import { ALLOWED, BLOCKED, type JsonLine, linesOf, message, said, sinkTo } from "./records.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mcprules-sinks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileSink(name: string, more: Partial<SinkSettings> = {}): SinkSettings {
  return { ...sinkTo({ kind: "file", path: join(folder, name), rotate: undefined }), name, ...more };
}

async function logged(sinks: readonly SinkSettings[], write: (log: DecisionLog) => void): Promise<void> {
  const log = await openDecisionLog({ level: "info", to: join(folder, "main"), sinks });
  write(log);
  await log.close();
}

function read(name: string): readonly JsonLine[] {
  return linesOf(readFileSync(join(folder, name), "utf8"));
}

describe("a sink", () => {
  test("takes decisions and what rules say, of every level, and no reports, unless it says otherwise", async () => {
    await logged([fileSink("audit")], (log) => {
      log.record(ALLOWED, message({ params: {} }));
      log.line(said("a note"));
      log.report("warn", "the policy is refused");
    });
    expect(read("audit")).toMatchObject([
      { event: "decision", ...ALLOWED },
      { event: "log", msg: "a note", rule: "note", method: "tools/call", server: "files", name: "read_file" },
    ]);
    expect(read("main").map(({ event }) => event)).toEqual(["log", "report"]);
  });

  test("has a level and a filter of its own", async () => {
    const sinks = [fileSink("warnings", { level: "warn" }), fileSink("memory", { filter: { server: ["memory"] } })];
    await logged(sinks, (log) => {
      log.record(ALLOWED);
      log.record(BLOCKED);
      log.record({ ...ALLOWED, server: "memory" });
    });
    expect(read("warnings")).toMatchObject([{ verdict: "block" }]);
    expect(read("memory")).toMatchObject([{ server: "memory" }]);
  });

  test("may take reports, and what servers say on stderr", async () => {
    await logged([fileSink("ops", { form: ["reports"] })], (log) => {
      log.record(BLOCKED);
      log.report("error", "refused", "files");
      log.serverSaid("files", "ready");
    });
    expect(read("ops")).toMatchObject([
      { event: "report", level: "error", msg: "refused", server: "files" },
      { event: "stderr", msg: "ready", server: "files" },
    ]);
  });
});

describe("a line that a rule sends somewhere", () => {
  test("goes there and nowhere else, whatever filter and form are", async () => {
    const sinks = [fileSink("audit", { form: ["reports"], filter: { server: ["memory"] } }), fileSink("other")];
    await logged(sinks, (log) => log.line(said("a payment", "audit")));
    expect(read("audit")).toMatchObject([{ event: "log", sink: "audit", msg: "a payment" }]);
    expect(read("other")).toEqual([]);
    expect(read("main")).toEqual([]);
  });

  test("goes to main, and nowhere else, if it says so", async () => {
    await logged([fileSink("audit")], (log) => log.line(said("a payment", "main")));
    expect(read("audit")).toEqual([]);
    expect(read("main")).toMatchObject([{ msg: "a payment" }]);
  });

  test("has to be of the level of that sink", async () => {
    await logged([fileSink("audit", { level: "error" })], (log) => log.line(said("a payment", "audit")));
    expect(read("audit")).toEqual([]);
  });
});

describe("whole messages", () => {
  test("stand in the line of their decision, for who takes them; others get the decision", async () => {
    const sinks = [fileSink("both", { form: ["decisions", "messages"] }), fileSink("decisions")];
    await logged(sinks, (log) => {
      expect(log.wantsMessages).toBe(true);
      log.record(ALLOWED, message({ params: { name: "read_file" } }));
      log.record({ ...ALLOWED, kind: "catalogue" });
    });
    const whole = { ...ALLOWED, session: "client-1", id: 7, bytes: 100, message: { params: { name: "read_file" } } };
    expect(read("both")).toMatchObject([
      { event: "message", ...whole },
      { event: "decision", kind: "catalogue" },
    ]);
    expect(read("decisions").map(({ event }) => event)).toEqual(["decision", "decision"]);
    expect(read("decisions")[0]).not.toHaveProperty("message");
  });

  test("are left out where they are longer than the sink takes, or cannot be masked", async () => {
    const sinks = [
      fileSink("short", { form: ["messages"], messageBytes: 10 }),
      fileSink("long", { form: ["messages"] }),
    ];
    await logged(sinks, (log) => {
      log.record(ALLOWED, message("secret", 11));
      log.record(ALLOWED, { ...message("secret"), content: () => undefined });
    });
    expect(read("short")).toMatchObject([
      { bytes: 11, omitted: "it is too long" },
      { bytes: 100, omitted: "it is too long" },
    ]);
    expect(read("long")).toMatchObject([{ message: "secret" }, { omitted: "it holds what cannot be masked" }]);
  });

  test("are masked for nobody where no sink asks for them", async () => {
    const never = { ...message(""), content: () => expect.unreachable() };
    await logged([fileSink("errors", { form: ["messages"], level: "error" })], (log) => log.record(BLOCKED, never));
    await logged([fileSink("decisions")], (log) => {
      expect(log.wantsMessages).toBe(false);
      log.record(BLOCKED, never);
    });
  });
});

describe("a file that is rotated", () => {
  const rotated = (rotate: { bytes?: number; every?: "day" | "hour"; keep: number }): SinkSettings =>
    sinkTo({ kind: "file", path: join(folder, "audit.jsonl"), rotate });
  const files = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith("audit"));

  test("is followed by a new one when it is long enough; the oldest are removed; no line is cut", async () => {
    const log = await openDecisionLog({
      level: "error",
      to: join(folder, "main"),
      sinks: [rotated({ bytes: 4096, keep: 2 })],
    });
    for (let round = 0; round < 20; round += 1) {
      for (let index = 0; index < 20; index += 1) log.line({ ...said(`${round}.${index}`), level: "error" });
      await expect
        .poll(() => files().some((name) => readFileSync(join(folder, name), "utf8").includes(`"${round}.19"`)))
        .toBe(true);
    }
    await log.close();
    const sizes = files().map((name) => statSync(join(folder, name)).size);
    expect(files().length).toBeGreaterThan(1);
    expect(files().length).toBeLessThanOrEqual(4);
    expect(Math.max(...sizes)).toBeLessThan(3 * 4096);
    expect(files().every((name) => statSync(join(folder, name)).mode % 0o1000 === 0o600)).toBe(true);
    const texts = files().flatMap((name) => read(name).map(({ msg }) => msg));
    expect(texts).toContain("19.19");
    expect(texts).not.toContain("0.0");
  });

  test("leaves so many older ones, those of earlier starts counted", async () => {
    for (const number of [1, 2, 3, 4, 5]) writeFileSync(join(folder, `audit.${number}.jsonl`), "x".repeat(5000));
    writeFileSync(join(folder, "audit.old.jsonl"), "somebody's own");
    const sinks = [rotated({ bytes: 4096, keep: 2 })];
    const log = await openDecisionLog({ level: "error", to: join(folder, "main"), sinks });
    log.record(BLOCKED);
    await expect.poll(() => files()).not.toContain("audit.1.jsonl");
    await log.close();
    expect(files()).toContain("audit.6.jsonl");
    expect(files().length).toBeLessThanOrEqual(5);
    expect(files()).toContain("audit.old.jsonl");
  });

  test("is named after the day", async () => {
    await logged([rotated({ every: "day", keep: 1 })], (log) => log.record(BLOCKED));
    const now = new Date();
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"));
    expect(files()).toEqual([`audit.${day.join("-")}.1.jsonl`]);
    expect(read(files()[0] ?? "")).toMatchObject([{ verdict: "block" }]);
  });

  test("is gone on with after a start", async () => {
    const sink = rotated({ bytes: 1_000_000, keep: 1 });
    await logged([sink], (log) => log.record(BLOCKED));
    await logged([sink], (log) => log.record(ALLOWED));
    expect(read("audit.1.jsonl").map(({ verdict }) => verdict)).toEqual(["block", "allow"]);
  });
});

describe("a file that cannot be written", () => {
  test.each([
    ["is in no folder", "no/such/folder", undefined, "ENOENT"],
    ["is a folder", ".", undefined, "EISDIR"],
    ["is in no folder, and rotated", "no/such/folder", { bytes: 4096, keep: 1 }, "ENOENT"],
  ])("refuses to start, when it %s", async (_, path, rotate, reason) => {
    const sinks = [sinkTo({ kind: "file", path: join(folder, path), rotate })];
    const opening = openDecisionLog({ level: "info", to: join(folder, "main"), sinks });
    await expect(opening).rejects.toThrow("the sink `audit`: ");
    await expect(opening).rejects.toThrow(reason);
  });

  test("is reported, once, and everybody else is served", async () => {
    const sinks = [sinkTo({ kind: "file", path: "/dev/full", rotate: undefined }), fileSink("other")];
    const log = await openDecisionLog({ level: "info", to: join(folder, "main"), sinks });
    for (let index = 0; index < 10; index += 1) log.record(BLOCKED);
    await expect.poll(() => read("main").filter(({ event }) => event === "report")).toHaveLength(1);
    log.record(BLOCKED);
    await log.close();
    const report = read("main").find(({ event }) => event === "report");
    expect(report?.["msg"]).toContain("the sink `audit` fails, and is tried again: ENOSPC");
    expect(read("other")).toHaveLength(11);
  });

  test("drops what it cannot keep, counts it, and says so", async () => {
    const sinks = [sinkTo({ kind: "file", path: "/dev/full", rotate: undefined })];
    const log = await openDecisionLog({ level: "error", to: join(folder, "main"), sinks });
    const long = { ...BLOCKED, reason: "x".repeat(1_000_000) };
    for (let index = 0; index < 10; index += 1) log.record(long);
    expect(log.dropped?.().get("audit")).toBe(6);
    await log.close();
  });
});

test("a sink that is a file is appended to", async () => {
  writeFileSync(join(folder, "audit"), '{"event":"before"}\n');
  await logged([fileSink("audit")], (log) => log.record(BLOCKED));
  expect(read("audit").map(({ event }) => event)).toEqual(["before", "decision"]);
});
