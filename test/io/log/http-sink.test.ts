// A sink that is an HTTP address: batches of JSON lines, retries within bounds, and nobody who waits for it.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { OutletEvents } from "../../../src/io/log/outlet.ts";
import { openHttpOutlet } from "../../../src/io/log/http-outlet.ts";
import type { LogEntry } from "../../../src/io/log/log-entry.ts";
import { BLOCKED } from "./records.ts";

const ENTRY: LogEntry = { kind: "decision", level: "warn", record: BLOCKED };

interface Posted {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

let server: Server;
let url: string;
let posted: Posted[];
/** The status that is answered next; the last one stays. `never`: nothing is. */
let answers: (number | "never")[];

beforeEach(async () => {
  posted = [];
  answers = [204];
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      posted.push({ headers: request.headers, body });
      const [answer = 204] = answers;
      if (answers.length > 1) answers.shift();
      if (answer !== "never") response.writeHead(answer).end("thanks");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function told(): OutletEvents & { readonly failures: string[]; readonly counts: { lost: number; worked: number } } {
  const failures: string[] = [];
  const counts = { lost: 0, worked: 0 };
  return {
    failures,
    counts,
    failed: (reason) => failures.push(reason),
    worked: () => (counts.worked += 1),
    lost: (count) => (counts.lost += count),
  };
}

test("many lines go out in few requests, in their order, with its headers", async () => {
  const events = told();
  const outlet = await openHttpOutlet({ kind: "http", url, headers: { authorization: "Bearer t" } }, events);
  const lines = Array.from({ length: 1200 }, (_, index) => `{"n":${index}}\n`);
  for (const line of lines) expect(outlet.offer(line, ENTRY)).toBe(true);
  await outlet.close();
  expect(posted.map(({ body }) => body).join("")).toBe(lines.join(""));
  expect(posted.length).toBeLessThan(5);
  expect(posted[0]?.headers).toMatchObject({ authorization: "Bearer t", "content-type": "application/x-ndjson" });
  expect(events).toMatchObject({ failures: [], counts: { lost: 0 } });
});

test("a single line goes out within a second or so", async () => {
  const outlet = await openHttpOutlet({ kind: "http", url, headers: {} }, told());
  outlet.offer("{}\n", ENTRY);
  await expect.poll(() => posted.length, { timeout: 3000 }).toBe(1);
  await outlet.close();
});

test("what fails is tried again, and no line comes twice", async () => {
  answers = [503, 429, 204];
  const events = told();
  const outlet = await openHttpOutlet({ kind: "http", url, headers: {} }, events);
  outlet.offer("{}\n", ENTRY);
  await expect.poll(() => events.counts.worked, { timeout: 10_000 }).toBe(1);
  await outlet.close();
  expect(posted).toHaveLength(3);
  expect(events).toMatchObject({
    failures: ["it answers with status 503", "it answers with status 429"],
    counts: { lost: 0 },
  });
}, 15_000);

test("what is refused is not tried again, and counted", async () => {
  answers = [400];
  const events = told();
  const outlet = await openHttpOutlet({ kind: "http", url, headers: {} }, events);
  outlet.offer("{}\n", ENTRY);
  outlet.offer("{}\n", ENTRY);
  await expect.poll(() => events.counts.lost, { timeout: 3000 }).toBe(2);
  await outlet.close();
  expect(posted).toHaveLength(1);
});

test("somebody who never answers is waited for by nobody, and holds so much and no more", async () => {
  answers = ["never"];
  const events = told();
  const outlet = await openHttpOutlet({ kind: "http", url, headers: {} }, events);
  const line = `${"x".repeat(99_999)}\n`;
  const started = performance.now();
  const taken = Array.from({ length: 100 }, () => outlet.offer(line, ENTRY)).filter(Boolean).length;
  expect(performance.now() - started).toBeLessThan(500);
  expect(taken).toBe(41);
  await outlet.close();
  expect(performance.now() - started).toBeLessThan(4000);
  expect(events.counts.lost).toBeGreaterThan(0);
});

test("nobody at that address refuses to start", async () => {
  server.close();
  await once(server, "close");
  await expect(openHttpOutlet({ kind: "http", url, headers: {} }, told())).rejects.toThrow("ECONNREFUSED");
  const elsewhere = "http://no-such-host.invalid/in";
  await expect(openHttpOutlet({ kind: "http", url: elsewhere, headers: {} }, told())).rejects.toThrow("no-such-host");
});
