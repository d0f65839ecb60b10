// Sinks that are syslog: RFC 5424 over UDP, TCP and the sockets of this machine; connections that end are made again.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { openDecisionLog } from "../../../src/io/log/decision-log.ts";
import type { SyslogAddress } from "../../../src/io/log/log-settings.ts";
import { ALLOWED, BLOCKED, linesOf, sinkTo } from "./records.ts";

const folder = mkdtempSync(join(tmpdir(), "mcprules-syslog-"));
const closing: (() => void)[] = [];
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function logTo(via: SyslogAddress, facility = 16) {
  const sink = sinkTo({ kind: "syslog", via, facility });
  return openDecisionLog({ level: "error", to: join(folder, "main"), sinks: [sink] });
}

interface SyslogServer {
  readonly address: { readonly port: number };
  readonly frames: string[];
  readonly sockets: Set<Socket>;
  readonly server: Server;
}

/** Reads frames of octet counting, as RFC 6587 has them. */
async function listen(where: number | string): Promise<SyslogServer> {
  const frames: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let blank = rest.indexOf(" "); blank !== -1; blank = rest.indexOf(" ")) {
        const end = blank + 1 + Number(rest.toString("latin1", 0, blank));
        if (rest.length < end) return;
        frames.push(rest.toString("utf8", blank + 1, end));
        rest = rest.subarray(end);
      }
    });
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  if (typeof where === "string") server.listen(where);
  else server.listen(where, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: server.address() as AddressInfo, frames, sockets, server };
}

/** The parts of RFC 5424, 6. */
const MESSAGE = /^<(\d+)>1 (\S+) (\S+) (\S+) (\S+) (\S+) - (\{.*\})$/;

function partsOf(frame: string) {
  const [, priority, time = "", host, app, process_, kind, json = ""] = MESSAGE.exec(frame) ?? [];
  return {
    priority: Number(priority),
    time,
    host,
    app,
    process: Number(process_),
    kind,
    json: JSON.parse(json) as object,
  };
}

test("a line is a message with its severity, its time, who we are, what it is, and JSON", async () => {
  const { address, frames } = await listen(0);
  const log = await logTo({ kind: "tcp", host: "127.0.0.1", port: address.port }, 4);
  log.record(BLOCKED);
  log.record({ ...ALLOWED, name: "Überweisung" });
  await log.close();
  await expect.poll(() => frames.length).toBe(2);
  const [refusal, permission] = frames.map(partsOf);
  expect(refusal).toMatchObject({ priority: 4 * 8 + 4, host: hostname(), app: "mcprules", process: process.pid });
  expect(refusal).toMatchObject({ kind: "decision", json: { event: "decision", reason: "Not here." } });
  expect(Date.now() - Date.parse(refusal?.time ?? "")).toBeLessThan(10_000);
  expect(permission).toMatchObject({ priority: 4 * 8 + 7, json: { name: "Überweisung" } });
});

test("over UDP it is a datagram; one that is too long is dropped and counted", async () => {
  const receiver = createSocket("udp4");
  const received: string[] = [];
  receiver.on("message", (datagram) => received.push(datagram.toString()));
  receiver.bind(0, "127.0.0.1");
  await once(receiver, "listening");
  closing.push(() => receiver.close());
  const log = await logTo({ kind: "udp", host: "localhost", port: receiver.address().port });
  log.record({ ...BLOCKED, reason: "x".repeat(70_000) });
  log.record(BLOCKED);
  await log.close();
  await expect.poll(() => received.length).toBe(2);
  expect(received.map(partsOf)).toMatchObject([
    { kind: "report", json: { msg: "1 lines of the log were dropped" } },
    { kind: "decision", json: BLOCKED },
  ]);
  expect(log.dropped?.().get("audit")).toBe(1);
});

test("over a socket of this machine it is as over TCP", async () => {
  const path = join(folder, "syslog.sock");
  const { frames } = await listen(path);
  const log = await logTo({ kind: "unix", path });
  log.record(BLOCKED);
  await log.close();
  await expect.poll(() => frames.map(partsOf)).toMatchObject([{ json: BLOCKED }]);
});

test("a connection that ends is made again, and what was logged meanwhile comes then", async () => {
  const first = await listen(0);
  const { port } = first.address;
  const log = await logTo({ kind: "tcp", host: "127.0.0.1", port });
  log.record(BLOCKED);
  await expect.poll(() => first.frames.length).toBe(1);
  for (const socket of first.sockets) socket.destroy();
  first.server.close();
  await once(first.server, "close");
  await delay(100);
  log.record(ALLOWED);
  const second = await listen(port);
  await expect.poll(() => second.frames.length, { timeout: 10_000 }).toBe(1);
  expect(second.frames.map(partsOf)).toMatchObject([{ json: ALLOWED }]);
  await log.close();
}, 15_000);

test("somebody who reads nothing holds so much and no more, and slows nobody", async () => {
  const server = createServer((socket) => socket.pause());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  const log = await logTo({ kind: "tcp", host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  const long = { ...BLOCKED, reason: "x".repeat(100_000) };
  const started = performance.now();
  for (let index = 0; index < 300; index += 1) log.record(long);
  expect(performance.now() - started).toBeLessThan(1000);
  expect(log.dropped?.().get("audit")).toBeGreaterThan(200);
  await log.close();
});

describe("nobody there refuses to start", () => {
  test.each<readonly [SyslogAddress, string]>([
    [{ kind: "tcp", host: "127.0.0.1", port: 1 }, "ECONNREFUSED"],
    [{ kind: "unix", path: join(folder, "nobody") }, "ENOENT"],
    [{ kind: "udp", host: "no-such-host.invalid", port: 514 }, "no-such-host"],
  ])("%j: %s", async (via, reason) => {
    await expect(logTo(via)).rejects.toThrow(reason);
  });
});

test("what was said of failures stands in the log itself", async () => {
  const { address, sockets, server } = await listen(0);
  const main = join(folder, "with-reports");
  const sink = sinkTo({ kind: "syslog", via: { kind: "tcp", host: "127.0.0.1", port: address.port }, facility: 16 });
  const log = await openDecisionLog({ level: "info", to: main, sinks: [sink] });
  await expect.poll(() => sockets.size).toBe(1);
  for (const socket of sockets) socket.destroy();
  server.close();
  const said = (): unknown => linesOf(readFileSync(main, "utf8")).map(({ msg }) => msg);
  await expect.poll(said).toEqual([expect.stringContaining("the sink `audit` fails, and is tried again")]);
  await log.close();
});
