// What is under way to one server: given up, it holds up nothing that comes after it.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Connections } from "../../../src/io/upstream/http1/connections.ts";
import { Wire } from "../../../src/io/upstream/wire.ts";

const connections = new Connections();
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A wire to a server that reads no body and answers nothing. */
async function wireToSilence(drained: () => void): Promise<Wire> {
  const server = createServer((request) => void request.pause()).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const settings = { name: "a", kind: "http", url: `http://127.0.0.1:${port}/mcp`, headers: {}, wire: "streamable" };
  return new Wire(connections, settings as ConstructorParameters<typeof Wire>[1], { credentials: undefined, drained });
}

test("what is given up before it was sent makes room for the next", async () => {
  let drained = 0;
  const wire = await wireToSilence(() => (drained += 1));
  const told: string[] = [];
  const running = wire.send(
    { method: "POST", headers: {}, body: Buffer.alloc(64 * 1024 * 1024) },
    { head: () => ({ chunk: () => {}, end: () => {}, failed: () => {} }), failed: () => told.push("failed") },
  );
  expect(wire.isFull).toBe(true);
  running.abort();
  expect([wire.isFull, drained]).toEqual([false, 1]);
  running.abort();
  await delay(50);
  expect([wire.isFull, drained, told]).toEqual([false, 1, []]);
});
