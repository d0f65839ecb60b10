// The switchboard with real processes behind it: bytes in order, nobody flooded, an answer even for our own bugs.
import { PassThrough, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Command, Event } from "../../src/dispatch/event.ts";
import { SHARED } from "../../src/dispatch/joint/joint-servers.ts";
import type { DecisionLog } from "../../src/io/log/decision-log.ts";
import { Switchboard } from "../../src/io/switchboard.ts";
import { until } from "../until.ts";

const EXPRESSION = { source: "(1)", variables: [], reads: [], usesClock: false };

const open: Switchboard[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((switchboard) => switchboard.close(true)));
});

interface Setting {
  readonly script: string;
  readonly command?: string;
  readonly handle?: (event: Event, now: number) => readonly Command[] | undefined;
  readonly output?: Writable;
}

/** One client and one server `s`, a shell script; whatever one says goes to the other, unless `handle` says otherwise. */
function connect({ script, command = "/bin/sh", handle, output = new PassThrough() }: Setting) {
  const events: Event[] = [];
  const reports: string[] = [];
  const log: DecisionLog = {
    record: () => undefined,
    line: ({ text }) => void reports.push(text),
    report: (level, text) => void reports.push(`${level} ${text}`),
    serverSaid: (server, text) => void reports.push(`${server}: ${text}`),
    close: () => Promise.resolve(),
  };
  const folder = process.cwd();
  const switchboard = new Switchboard({
    handle: (event, now) => {
      events.push(event);
      return handle?.(event, now) ?? passOn(event);
    },
    servers: [
      { kind: "process", name: "s", command, args: ["-c", script], env: {}, cwd: folder, root: folder, home: folder },
    ],
    limits: { messageBytes: 1024 * 1024, depth: 64 },
    evaluator: {
      evaluate: ({ now }) =>
        now < 0 ? Promise.reject(new Error("poison")) : Promise.resolve({ kind: "value", value: now }),
      close: () => Promise.resolve(),
    },
    log,
  });
  open.push(switchboard);
  const input = new PassThrough();
  const said: Buffer[] = [];
  if (output instanceof PassThrough) output.on("data", (chunk: Buffer) => said.push(chunk));
  const gone = switchboard.openClient({ input, output, patienceMs: 1000, user: undefined, profile: undefined });
  return { input, output, events, reports, gone, switchboard, text: () => Buffer.concat(said).toString() };
}

function passOn(event: Event): readonly Command[] {
  if (event.kind === "client-opened") return [{ kind: "open-server", client: event.client, server: "s" }];
  if (event.kind === "client-message") {
    return [{ kind: "to-server", client: event.client, server: "s", bytes: [event.bytes] }];
  }
  if (event.kind === "client-ended") return [{ kind: "client-done", client: event.client }];
  return event.kind === "server-message" ? [{ kind: "to-client", client: event.client, bytes: [event.bytes] }] : [];
}

describe("messages", () => {
  test("cross in order, small ones, large ones, and in pieces", async () => {
    const { input, text } = connect({ script: "cat" });
    const lines = Array.from(
      { length: 300 },
      (_, index) => `{"n":${index},"t":"${"x".repeat((index % 50) * (index % 7) * 200)}"}`,
    );
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    for (let at = 0; at < bytes.length; at += 7777) input.write(bytes.subarray(at, at + 7777));
    expect(await until(() => text().length === bytes.length)).toBe(true);
    expect(text()).toBe(bytes.toString());
  });

  test("that are too long are told with their ends, and the next ones cross", async () => {
    const { input, events, text } = connect({ script: "cat" });
    input.write(`{"id":1,"x":"${"x".repeat(2_000_000)}"}\n{"id":2}\n`);
    expect(await until(() => text() === '{"id":2}\n')).toBe(true);
    expect(events.find(({ kind }) => kind === "client-oversize")).toMatchObject({ client: "client-1" });
  });

  test("in pieces leave as one line", async () => {
    const pieces = [Buffer.from('{"a":"'), Buffer.alloc(100_000, "y"), Buffer.from('"}')];
    const { text } = connect({
      script: "cat",
      handle: (event) =>
        event.kind === "server-opened"
          ? [{ kind: "to-server", client: event.client, server: "s", bytes: pieces }]
          : undefined,
    });
    expect(await until(() => text().endsWith("\n"))).toBe(true);
    expect(text()).toBe(`{"a":"${"y".repeat(100_000)}"}\n`);
  });
});

describe("nobody is flooded", () => {
  test("by a server, when the client does not read", async () => {
    const output = new Writable({ write: () => undefined });
    const { events } = connect({ script: 'yes \'{"x":"0123456789012345678901234567890123456789"}\'', output });
    expect(await until(() => output.writableLength > 1_000_000)).toBe(true);
    await delay(200);
    const early = events.length;
    await delay(300);
    expect(output.writableLength).toBeLessThan(3_000_000);
    expect(events.length).toBe(early);
  });

  test("by a client, when the server does not read; and all goes on when it does", async () => {
    const { input, text } = connect({ script: "sleep 1; cat" });
    const line = `${"x".repeat(999)}\n`;
    let written = 0;
    const started = performance.now();
    while (written < 8_000_000 && performance.now() - started < 700) {
      if (input.writableLength < 500_000) {
        input.write(line);
        written += line.length;
      } else await delay(5);
    }
    expect(written).toBeGreaterThan(1_000_000);
    expect(written).toBeLessThan(4_000_000);
    expect(await until(() => text().length === written)).toBe(true);
  });

  test.each([
    { end: "ends", script: "sleep 0.5" },
    { end: "is ended", script: "sleep 60" },
  ])(
    "by clients, when a server that they share does not read; and they are read from when it $end",
    async ({ script }) => {
      const line = `${"x".repeat(999)}\n`;
      const count = 4000;
      const { input, events } = connect({
        script,
        handle: (event) => {
          if (event.kind === "client-opened")
            return [
              { kind: "open-server", client: SHARED, server: "s" },
              { kind: "set-timer", timer: 1, afterMs: 800 },
            ];
          if (event.kind === "timer-fired") return [{ kind: "close-server", client: SHARED, server: "s" }];
          if (event.kind !== "client-message") return undefined;
          return [{ kind: "to-server", client: SHARED, server: "s", bytes: [event.bytes] }];
        },
      });
      const crossed = (): number => events.filter(({ kind }) => kind === "client-message").length;
      for (let index = 0; index < count; index += 1) input.write(line);
      await delay(200);
      expect(crossed()).toBeLessThan(count);
      expect(await until(() => crossed() === count, 3000)).toBe(true);
    },
  );
});

describe("the end", () => {
  test("of a server is told after its last words", async () => {
    const { input, events, text } = connect({ script: "read line; echo one; echo two; echo oops >&2; exit 3" });
    input.write("{}\n");
    expect(await until(() => events.some(({ kind }) => kind === "server-closed"))).toBe(true);
    expect(text()).toBe("one\ntwo\n");
    expect(events.map(({ kind }) => kind)).toEqual([
      "client-opened",
      "server-opened",
      "client-message",
      "server-message",
      "server-message",
      "server-closed",
    ]);
    expect(events.at(-1)).toMatchObject({ server: "s", reason: "exited with code 3" });
  });

  test("of a server that could not be started is told, and it never was opened", async () => {
    const { events } = connect({ script: "cat", command: "no-such-command-here" });
    expect(await until(() => events.length === 2)).toBe(true);
    expect(JSON.stringify(events[1])).toContain("there is no command");
  });

  test("of the client ends its servers", async () => {
    const { input, gone, switchboard, text } = connect({ script: "echo started; cat >/dev/null; exit 0" });
    expect(await until(() => text() !== "")).toBe(true);
    input.end();
    await gone;
    const started = performance.now();
    await switchboard.close(false);
    expect(performance.now() - started).toBeLessThan(1500);
  });

  test("of the client's reading end is its end", async () => {
    const output = new PassThrough();
    const { gone, events } = connect({ script: "cat", output });
    output.destroy(new Error("EPIPE"));
    await gone;
    expect(events.at(-1)).toMatchObject({ kind: "client-closed" });
  });
});

describe("what the dispatcher asks for", () => {
  test("an answer to a need, and a timer that fires, and one that is cleared", async () => {
    const needs: Event[] = [];
    connect({
      script: "cat",
      handle: (event) => {
        if (event.kind === "need-answered" || event.kind === "timer-fired") needs.push(event);
        if (event.kind !== "server-opened") return undefined;
        return [
          {
            kind: "answer-need",
            need: 7,
            asks: { kind: "evaluate", evaluation: { expression: EXPRESSION, input: 1, bindings: {}, now: 42 } },
          },
          { kind: "set-timer", timer: 1, afterMs: 30 },
          { kind: "set-timer", timer: 2, afterMs: 30 },
          { kind: "clear-timer", timer: 2 },
        ];
      },
    });
    await until(() => needs.length === 2);
    await delay(50);
    expect(needs).toEqual([
      { kind: "need-answered", need: 7, answer: { kind: "evaluate", answer: { kind: "value", value: 42 } } },
      { kind: "timer-fired", timer: 1 },
    ]);
  });

  test("a need that cannot be answered for a bug of ours has failed, and nobody waits for it", async () => {
    const needs: Event[] = [];
    const { reports } = connect({
      script: "cat",
      handle: (event) => {
        if (event.kind === "need-answered") needs.push(event);
        if (event.kind !== "server-opened") return undefined;
        const evaluation = { expression: EXPRESSION, input: 1, bindings: {}, now: -1 };
        return [{ kind: "answer-need", need: 7, asks: { kind: "evaluate", evaluation } }];
      },
    });
    expect(await until(() => needs.length === 1)).toBe(true);
    expect(needs).toMatchObject([{ need: 7, answer: { kind: "evaluate", answer: { kind: "failed" } } }]);
    expect(reports.join("\n")).toMatch(/a bug of mcprules, at evaluate: Error: poison/);
  });

  test("what servers say on stderr goes to the log", async () => {
    const { reports } = connect({ script: "echo hello >&2; cat" });
    expect(await until(() => reports.includes("s: hello"))).toBe(true);
  });
});

test("a server that is opened again once the one before it is gone hears at once what it is told, and time goes on", async () => {
  const ages: number[] = [];
  let opened = 0;
  const { input, text } = connect({
    script: "cat",
    handle: (event, now) => {
      if (event.kind === "client-message") ages.push(Date.now() - now);
      if (event.kind === "client-opened")
        return [
          { kind: "open-server", client: event.client, server: "s" },
          { kind: "set-timer", timer: 1, afterMs: 20 },
        ];
      if (event.kind === "timer-fired") {
        const again = { client: "client-1", server: "s" };
        return [
          { kind: "close-server", ...again },
          { kind: "open-server", ...again },
        ];
      }
      if (event.kind !== "server-opened") return undefined;
      opened += 1;
      return [{ kind: "to-server", client: event.client, server: "s", bytes: [Buffer.from(String(opened))] }];
    },
  });
  expect(await until(() => text().endsWith("2\n"))).toBe(true);
  await delay(300);
  input.write("{}\n");
  expect(await until(() => ages.length > 0)).toBe(true);
  expect(ages[0]).toBeLessThan(200);
});

test("a bug of ours is logged, and the next message crosses", async () => {
  const { input, text, reports } = connect({
    script: "cat",
    handle: (event) => {
      if (event.kind === "client-message" && event.bytes.includes("poison")) throw new Error("bug");
      return undefined;
    },
  });
  input.write('"poison"\n"next"\n');
  expect(await until(() => text() !== "")).toBe(true);
  expect(text()).toBe('"next"\n');
  expect(reports[0]).toMatch(/^error a bug of mcprules, at client-message: Error: bug/);
});
